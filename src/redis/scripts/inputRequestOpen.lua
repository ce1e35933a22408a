-- Opens an input request of an agent.
-- KEYS 1 needs (hash: id → JSON)
-- ARGV 1 id  2 input request as JSON  3 window  4 events channel
-- Returns 1
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], cjson.encode({ kind = 'need', window = tonumber(ARGV[3]) }))
return 1
