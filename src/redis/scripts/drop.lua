-- Drops a dead or uncertain command for the user, or a malformed entry (by the id of its dead letter).
-- KEYS 1 cmd:{id}  2 commands:dead  3 commands:states  4 commands:completed
-- ARGV 1 id, '' for a malformed entry  2 dead letter's stream id, '' for a command  3 now (ms)  4 events channel
--      5 how long its ledger is kept (ms)
-- Returns 'ok' | 'already' | 'not-dead' | 'gone'
if ARGV[1] == '' then return redis.call('XDEL', KEYS[2], ARGV[2]) == 1 and 'ok' or 'gone' end
local l = hash_of(KEYS[1])
if not l.state then return 'gone' end
if l.state == 'dropped' then return 'already' end
if l.state ~= 'dead' and l.state ~= 'uncertain' then return 'not-dead' end
redis.call('XDEL', KEYS[2], l.deadId)
redis.call('HDEL', KEYS[1], 'deadId')
add_history(KEYS[1], ARGV[3], 'dropped', 'dropped by hand')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
move(KEYS[3], l.state, '')
result(KEYS[4], ARGV[1], 'dropped', ARGV[3], l)
tell(ARGV[4], ARGV[1], 'dropped', l.target)
return 'ok'
