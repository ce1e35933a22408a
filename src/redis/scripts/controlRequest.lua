-- Adds a request to the leader, once per nonce.
-- KEYS 1 control:requests  2 dedupe:{nonce}
-- ARGV 1 request as JSON  2 now (ms)  3 events channel  4 dedupe TTL (s)  5 how many may wait  6 bytes that a request may have
-- Returns 'ok' | 'duplicate' | 'full' (nobody acts on them: no leader runs) | 'too-long'
if #ARGV[1] > tonumber(ARGV[6]) then return 'too-long' end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[5]) then return 'full' end
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[4]) then return 'duplicate' end
redis.call('XADD', KEYS[1], '*', 'request', ARGV[1], 'at', ARGV[2])
redis.call('PUBLISH', ARGV[3], '{"kind":"request"}')
return 'ok'
