-- Keeps and tells what an agent's hook reported; a prompt that was recognised as ours is the durable receipt.
-- KEYS 1 monitor:hooks  2 inflight:{window}
-- ARGV 1 event as JSON  2 id of the command whose text the prompt was, or ''  3 now (ms)  4 events channel
--      5 cap of the stream  6 what the door did with it: 'received' (exact text) or 'refused' (damaged)
-- Returns what was written into the in-flight record: 'received' | 'refused' | 'ok' (nothing)
local answer = 'ok'
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], 'id') == ARGV[2] then
  redis.call('HSET', KEYS[2], 'phase', ARGV[6], 'promptAt', ARGV[3])
  answer = ARGV[6]
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], '*', 'event', ARGV[1], 'at', ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[1])
return answer
