-- Stores the usage of a conversation. Of too many conversations the oldest are added up, one sum per agent: a team's sum never shrinks.
-- KEYS 1 usage (hash: conversation → JSON)
-- ARGV 1 conversation  2 its usage as JSON {window, name, usage, at}  3 how many conversations are kept
-- Returns how many were added up
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local over = redis.call('HLEN', KEYS[1]) - tonumber(ARGV[3])
if over <= 0 then return 0 end
local all = redis.call('HGETALL', KEYS[1])
local kept = {}
for i = 1, #all, 2 do
  local ok, entry = pcall(cjson.decode, all[i + 1])
  if not ok or type(entry) ~= 'table' or type(entry.usage) ~= 'table' then
    redis.call('HDEL', KEYS[1], all[i])
  elseif string.sub(all[i], 1, 8) ~= 'earlier:' and all[i] ~= ARGV[1] then
    kept[#kept + 1] = { id = all[i], entry = entry }
  end
end
table.sort(kept, function(a, b) return (tonumber(a.entry.at) or 0) < (tonumber(b.entry.at) or 0) end)
local count = math.min(over, #kept)
for i = 1, count do
  local entry = kept[i].entry
  local field = 'earlier:' .. tostring(entry.window) .. ':' .. tostring(entry.name)
  local sum = redis.call('HGET', KEYS[1], field)
  if sum then
    local before = cjson.decode(sum).usage
    for name, value in pairs(before) do
      if type(value) == 'number' then entry.usage[name] = (tonumber(entry.usage[name]) or 0) + value
      elseif value == true then entry.usage[name] = true end
    end
  end
  redis.call('HSET', KEYS[1], field, cjson.encode(entry))
  redis.call('HDEL', KEYS[1], kept[i].id)
end
return count
