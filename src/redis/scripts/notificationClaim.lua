-- A window wants to tell the person of a call. Of several windows one may, and for as long as it is there.
-- KEYS 1 calls:{key}
-- ARGV 1 window  2 TTL (ms)
-- A repeat whose answer was lost finds itself theirs, and takes it once its time has run out: nobody keeps it.
-- Returns yours, theirs (another window has it, or an earlier self), or told (it needs no telling any more)
local holder = redis.call('GET', KEYS[1])
if holder == 'told' then return 'told' end
if holder then return 'theirs' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'yours'
