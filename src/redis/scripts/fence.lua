-- Precedes a script that a former leader must not run. The script gets these keys and arguments before its own.
-- KEYS 1 lease:epoch
-- ARGV 1 epoch
-- Returns 'stale', with nothing written, when another process leads
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
table.remove(KEYS, 1)
table.remove(ARGV, 1)
