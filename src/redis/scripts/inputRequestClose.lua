-- Closes input requests. They accept no answer any more, and a process that waits for one stops.
-- KEYS 1 needs  2… answer:{id} of each
-- ARGV 1 window  2 events channel  3 TTL of the end marker for its reader (s)  4… id of each
-- Returns how many were open
local ended = 0
for i = 4, #ARGV do
  if redis.call('HDEL', KEYS[1], ARGV[i]) == 1 then
    ended = ended + 1
    redis.call('RPUSH', KEYS[i - 2], '')
    redis.call('EXPIRE', KEYS[i - 2], ARGV[3])
  end
end
if ended > 0 then redis.call('PUBLISH', ARGV[2], cjson.encode({ kind = 'need', window = tonumber(ARGV[1]) })) end
return ended
