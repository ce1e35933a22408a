-- Removes an entry from the queue that is no command of TACO: malformed, or not written by enqueue.
-- KEYS 1 lease:epoch  2 commands:queue  3 commands:dead  4 commands:failed:total  5 cmd:{id its entry claims}
--      6 commands:depth  7 commands:states
-- ARGV 1 epoch  2 stream id  3 claimed id  4 reason  5 entry as JSON  6 now (ms)  7 group  8 events channel
-- When the claimed ledger belongs to this entry, its command ends as well.
-- Returns 'ok' | 'already' | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local stream_id, at = ARGV[2], ARGV[6]
if #redis.call('XRANGE', KEYS[2], stream_id, stream_id) == 0 then
  redis.pcall('XACK', KEYS[2], ARGV[7], stream_id)
  return 'already'
end
local l = hash_of(KEYS[5])
if l.streamId == stream_id and not l.ended then
  bury(KEYS[5], KEYS[2], ARGV[7], KEYS[3], KEYS[6], KEYS[7], ARGV[3], stream_id, 'dead', ARGV[4], at, l)
else
  redis.call('XADD', KEYS[3], '*', 'id', '', 'state', 'malformed', 'reason', ARGV[4], 'at', at, 'attempts', '0',
    'payload', ARGV[5], 'history', '')
  acknowledge(KEYS[2], ARGV[7], stream_id)
  forget_dead(KEYS[3], KEYS[7], at)
end
redis.call('INCR', KEYS[4])
tell(ARGV[8], ARGV[3], 'dead', l.target or '')
return 'ok'
