-- Drops a waiting, dead or uncertain command for the user, or a malformed entry (by the id of its dead letter).
-- KEYS 1 cmd:{id}  2 commands:dead  3 commands:states  4 commands:completed  5 commands:queue  6 commands:depth
-- ARGV 1 id, '' for a malformed entry  2 dead letter's stream id, '' for a command  3 now (ms)  4 events channel
--      5 how long its ledger is kept (ms)  6 group
-- Returns 'ok' | 'already' | 'in-flight' (its keys are in the pane, or it has arrived) | 'gone'
if ARGV[1] == '' then return redis.call('XDEL', KEYS[2], ARGV[2]) == 1 and 'ok' or 'gone' end
local l = hash_of(KEYS[1])
if not l.state then return 'gone' end
if l.state == 'dropped' then return 'already' end
if l.state == 'dead' or l.state == 'uncertain' then
  redis.call('XDEL', KEYS[2], l.deadId)
  redis.call('HDEL', KEYS[1], 'deadId')
elseif l.state == 'queued' or l.state == 'held' or l.state == 'retrying' then
  -- Its lane notices at its next step: it records every state before it types.
  redis.call('HSET', KEYS[1], 'ended', ARGV[3])
  leave(KEYS[6], l.target)
  acknowledge(KEYS[5], ARGV[6], l.streamId)
else
  return 'in-flight'
end
add_history(KEYS[1], ARGV[3], 'dropped', 'dropped by hand')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
move(KEYS[3], l.state, '')
result(KEYS[4], ARGV[1], 'dropped', ARGV[3], l)
tell(ARGV[4], ARGV[1], 'dropped', l.target)
return 'ok'
