-- Renews the leadership. An expired lease is never renewed, even if no process took it: the epoch must grow.
-- KEYS 1 lease:executor
-- ARGV 1 holder  2 TTL (ms)
-- Returns 1 when still held, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
