-- Runs one command of a leader on one key; follows `fence.lua`.
-- KEYS 1 key
-- ARGV 1 command  2… arguments after its key
-- Returns 'ok'
redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
return 'ok'
