-- Acquires the leadership if it is free. Each change of holder raises the epoch, the fencing token of every write.
-- KEYS 1 lease:executor  2 lease:epoch
-- ARGV 1 holder (JSON with a nonce)  2 TTL (ms)
-- Returns the epoch, or 0 when another process holds the lease. A repeat by the holder returns its epoch.
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return tonumber(redis.call('GET', KEYS[2]))
end
if holder then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('INCR', KEYS[2])
