-- Opens an input request of an agent.
-- KEYS 1 needs (hash: id → JSON)
-- ARGV 1 id  2 input request as JSON  3 window  4 events channel  5 how many may be open
-- Returns 1 | 0: too many are open, and this one is not; its agent shows it in its terminal
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], cjson.encode({ kind = 'need', window = tonumber(ARGV[3]) }))
return 1
