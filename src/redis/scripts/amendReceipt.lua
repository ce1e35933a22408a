-- Completes the receipt of a message that was received: the tool call that followed is known only after it.
-- KEYS 1 lease:epoch  2 cmd:{id}
-- ARGV 1 epoch  2 id  3 reason  4 events channel
-- Returns 'ok' | 'same' (nothing changed) | 'gone' (no such command, or another state) | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local l = redis.call('HMGET', KEYS[2], 'state', 'reason', 'history', 'target')
if l[1] ~= 'received' then return 'gone' end
if l[2] == ARGV[3] then return 'same' end
local last = string.match(l[3], '[^\n]*$')
local at = string.match(last, '^{"at":(%d+),"state":"received",')
if not at then return 'gone' end
local before = string.sub(l[3], 1, #l[3] - #last)
redis.call('HSET', KEYS[2], 'reason', ARGV[3],
  'history', before .. '{"at":' .. at .. ',"state":"received","reason":' .. cjson.encode(ARGV[3]) .. '}')
tell(ARGV[4], ARGV[2], 'received', l[4])
return 'ok'
