-- Reserves ports for an owner, atomically.
-- KEYS 1 ports:alloc (hash: port → owner, a space, the nonce of the request)
-- ARGV 1 owner  2 nonce  3 count  4 first port of the range  5 how many it has  6 where in it to begin
-- Returns the reserved ports; an empty list (and nothing reserved) when too few are free. A repeat of a nonce returns
-- its ports.
local mark, wanted, taken = ARGV[1] .. ' ' .. ARGV[2], tonumber(ARGV[3]), {}
for port, holder in pairs(hash_of(KEYS[1])) do
  if holder == mark then taken[#taken + 1] = port end
end
if #taken > 0 then return taken end
local first, size, offset = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
for i = 0, size - 1 do
  if #taken == wanted then break end
  local port = string.format('%d', first + (offset + i) % size)
  if redis.call('HEXISTS', KEYS[1], port) == 0 then taken[#taken + 1] = port end
end
if #taken < wanted then return {} end
for _, port in ipairs(taken) do redis.call('HSET', KEYS[1], port, mark) end
return taken
