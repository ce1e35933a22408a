-- Records a state that is not final.
-- KEYS 1 lease:epoch  2 cmd:{id}  3 commands:states
-- ARGV 1 epoch  2 id  3 state  4 reason  5 now (ms)  6 events channel
-- Returns 'ok' | 'same' (nothing changed) | 'ended' (nothing written) | 'gone' (no such command) | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local l = redis.call('HMGET', KEYS[2], 'state', 'reason', 'ended', 'target')
if not l[1] then return 'gone' end
if l[3] then return 'ended' end
-- After Enter a message is held only if Enter provably did not submit it: the state `held` allows typing it again.
if ARGV[3] == 'held' and (l[1] == 'delivered' or (l[1] == 'entered' and ARGV[4] ~= 'not-submitting')) then return 'same' end
if l[1] == ARGV[3] and l[2] == ARGV[4] then return 'same' end
add_history(KEYS[2], ARGV[5], ARGV[3], ARGV[4])
move(KEYS[3], l[1], ARGV[3])
tell(ARGV[6], ARGV[2], ARGV[3], l[4])
return 'ok'
