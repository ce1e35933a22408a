-- Reads for the consumer group behind the fence: only the leader takes entries out of the queue. Redis would serve a
-- blocking XREADGROUP even to a leader that lost its lease in the meantime.
-- KEYS 1 lease:epoch  2 commands:queue
-- ARGV 1 epoch  2 group  3 consumer  4 count  5 stream id  6 'new' or 'own'
-- 'own': the consumer's pending entries after the stream id. 'new': the same, and unread entries when there are none
-- (pending entries there come from a lost reply).
-- Returns entries as XREADGROUP does | 'stale'. Creates a lost group again, from the beginning.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end

local function read(from)
  return redis.pcall('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', ARGV[4], 'STREAMS', KEYS[2], from)
end

local reply = read(ARGV[5])
if type(reply) == 'table' and reply.err then
  if not string.find(reply.err, 'NOGROUP', 1, true) then return redis.error_reply(reply.err) end
  redis.call('XGROUP', 'CREATE', KEYS[2], ARGV[2], '0', 'MKSTREAM')
  reply = read(ARGV[5])
end
local entries = reply and reply[1] and reply[1][2] or {}
if #entries == 0 and ARGV[6] == 'new' then
  reply = read('>')
  entries = reply and reply[1] and reply[1][2] or {}
end
return entries
