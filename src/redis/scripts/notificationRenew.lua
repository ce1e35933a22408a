-- Renews the claim of a window that shows a notification. An expired claim (the machine slept) is restored.
-- KEYS 1 calls:{key}
-- ARGV 1 window  2 TTL (ms)
-- Returns 1 when the claim is this window's, else 0
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
