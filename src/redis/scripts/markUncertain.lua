-- Ends a command whose arrival cannot be proven; the user decides.
-- KEYS 1 lease:epoch  2 cmd:{id}  3 commands:queue  4 commands:dead  5 commands:depth  6 commands:states
--      7 commands:completed
-- ARGV 1 epoch  2 id  3 stream id  4 reason  5 now (ms)  6 group  7 events channel  8 how many ended messages are kept
--      9 how long (ms)
-- Returns 'ok' | 'already' | 'gone' | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local id, stream_id, at = ARGV[2], ARGV[3], ARGV[5]
local l = hash_of(KEYS[2])
if not l.state or l.ended or l.streamId ~= stream_id then
  acknowledge(KEYS[3], ARGV[6], stream_id)
  return l.state and 'already' or 'gone'
end
bury(KEYS[2], KEYS[3], ARGV[6], KEYS[4], KEYS[5], KEYS[6], id, stream_id, 'uncertain', ARGV[4], at, l)
result(KEYS[7], id, 'uncertain', at, l)
forget_ended(KEYS[7], ARGV[8], at - ARGV[9])
tell(ARGV[7], id, 'uncertain', l.target)
return 'ok'
