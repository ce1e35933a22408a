-- Releases the leadership, if the caller holds it.
-- KEYS 1 lease:executor
-- ARGV 1 holder
-- Returns 1 when it was held, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
