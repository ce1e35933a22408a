-- Raises the epoch after Redis lost it: tmux refuses every epoch below the one that it knows.
-- KEYS 1 lease:epoch
-- ARGV 1 epoch that tmux knows
-- Returns 1 when it was raised, else 0
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
