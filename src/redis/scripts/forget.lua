-- Lets ended messages go that are too old or too many, some at a time; also while none ends.
-- KEYS 1 lease:epoch  2 commands:completed
-- ARGV 1 epoch  2 how many ended messages are kept  3 when the oldest that is kept ended (ms)
-- Returns how many went | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
return forget_ended(KEYS[2], ARGV[2], ARGV[3])
