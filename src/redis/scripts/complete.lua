-- Ends a command successfully. With an inbox the command is for the user: the same step adds it to the inbox.
-- KEYS 1 lease:epoch  2 cmd:{id}  3 commands:queue  4 commands:completed  5 commands:depth  6 commands:states
--      7 commands:executed:total  8 user:inbox (optional)
-- ARGV 1 epoch  2 id  3 stream id  4 state  5 now (ms)  6 group  7 events channel  8 how many ended messages
--      are kept  9 how long (ms)  10 cap of the inbox
--      11 the receipt in words, or ''
-- Publishes the id on the channel named as KEYS[4] (seed document).
-- Returns 'ok' | 'already' (book-keeping only) | 'gone' | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local id, stream_id, at = ARGV[2], ARGV[3], ARGV[5]
local l = hash_of(KEYS[2])
if not l.state or l.ended or l.streamId ~= stream_id then
  acknowledge(KEYS[3], ARGV[6], stream_id)
  return l.state and 'already' or 'gone'
end
add_history(KEYS[2], at, ARGV[4], ARGV[11] or '')
redis.call('HSET', KEYS[2], 'ended', at)
redis.call('PEXPIRE', KEYS[2], ARGV[9])
move(KEYS[6], l.state, '')
leave(KEYS[5], l.target)
redis.call('INCR', KEYS[7])
acknowledge(KEYS[3], ARGV[6], stream_id)
result(KEYS[4], id, ARGV[4], at, l)
forget_ended(KEYS[4], ARGV[8], at - ARGV[9])
if KEYS[8] then
  redis.call('XADD', KEYS[8], 'MAXLEN', '~', ARGV[10], '*', 'id', id, 'sender', l.sender, 'message', l.message, 'at', at)
  redis.call('PUBLISH', ARGV[7], cjson.encode({ kind = 'user', id = id }))
end
redis.call('PUBLISH', KEYS[4], id)
tell(ARGV[7], id, ARGV[4], l.target)
return 'ok'
