-- Counts a failed attempt; after the last one the command becomes a dead letter.
-- KEYS 1 lease:epoch  2 cmd:{id}  3 commands:queue  4 commands:dead  5 commands:depth  6 commands:states
--      7 commands:failed:total  8 commands:completed
-- ARGV 1 epoch  2 id  3 stream id  4 attempts before this one  5 reason  6 not before (ms)  7 most attempts
--      8 now (ms)  9 group  10 events channel  11 how many ended messages are kept  12 how long (ms)
-- The attempts before make it idempotent: a repeat finds them counted and changes nothing.
-- Returns 'retrying' | 'dead' | 'gone' | 'stale' | 'ended' (it has ended otherwise)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local id, stream_id, reason, at = ARGV[2], ARGV[3], ARGV[5], ARGV[8]
local l = hash_of(KEYS[2])
if not l.state or l.streamId ~= stream_id then
  acknowledge(KEYS[3], ARGV[9], stream_id)
  return 'gone'
end
if l.ended then
  acknowledge(KEYS[3], ARGV[9], stream_id)
  return l.state == 'dead' and 'dead' or 'ended'
end
if l.attempts ~= ARGV[4] then return 'retrying' end

local attempts = tonumber(l.attempts) + 1
l.attempts = tostring(attempts)
redis.call('HSET', KEYS[2], 'attempts', attempts, 'notBefore', ARGV[6])
if attempts < tonumber(ARGV[7]) then
  -- The entry stays pending: after a restart the ledger contains its due time.
  add_history(KEYS[2], at, 'retrying', reason)
  move(KEYS[6], l.state, 'retrying')
  tell(ARGV[10], id, 'retrying', l.target)
  return 'retrying'
end
bury(KEYS[2], KEYS[3], ARGV[9], KEYS[4], KEYS[5], KEYS[6], id, stream_id, 'dead', reason, at, l)
redis.call('INCR', KEYS[7])
result(KEYS[8], id, 'dead', at, l)
forget_ended(KEYS[8], ARGV[11], at - ARGV[12])
tell(ARGV[10], id, 'dead', l.target)
return 'dead'
