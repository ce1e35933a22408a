-- Removes the project's keys that one SCAN step finds. A script, so that it runs on the node of the project's slot.
-- KEYS 1 lease:epoch (stays)
-- ARGV 1 cursor  2 pattern of the project's keys  3 approximate number of keys to check
--      4 prefix of the lease keys, which stay  5… keys that stay
-- Returns the next cursor; '0' when all keys were checked.
local kept = { [KEYS[1]] = true }
for i = 5, #ARGV do kept[ARGV[i]] = true end

local found = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
for _, key in ipairs(found[2]) do
  if not kept[key] and string.sub(key, 1, #ARGV[4]) ~= ARGV[4] then redis.call('UNLINK', key) end
end
return found[1]
