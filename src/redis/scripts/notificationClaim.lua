-- Claims a notification for a window. Only one of several windows may show it, while it renews the claim.
-- KEYS 1 calls:{key}
-- ARGV 1 window  2 TTL (ms)
-- A repeat after a lost reply returns theirs; the window can claim again after the TTL, because nothing renews that
-- claim.
-- Returns yours, theirs (another window or an earlier call holds the claim), or told (the notification is done)
local holder = redis.call('GET', KEYS[1])
if holder == 'told' then return 'told' end
if holder then return 'theirs' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'yours'
