-- Stores and publishes a hook report. With a result of the prompt check it is the durable receipt.
-- KEYS 1 monitor:hooks  2 inflight:{window}
-- ARGV 1 event as JSON  2 id of the recognised command, or ''
--      3 result: 'received' (exactly its text) or 'refused' (damaged, withheld from the model)
--      4 time of the report (ms)  5 events channel  6 cap of the stream  7 id of this hook call
--      8 '1' when it may have been published already  9 file of the conversation, or ''
-- Returns 'receipt' (written) | 'ok' | 'again' (already published)
if ARGV[8] == '1' then
  for _, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[6])) do
    for i = 1, #entry[2], 2 do
      if entry[2][i] == 'call' and entry[2][i + 1] == ARGV[7] then return 'again' end
    end
  end
end
local answer = 'ok'
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], 'id') == ARGV[2] then
  redis.call('HSET', KEYS[2], 'phase', ARGV[3], 'promptAt', ARGV[4], 'transcript', ARGV[9] or '')
  answer = 'receipt'
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[6], '*', 'event', ARGV[1], 'at', ARGV[4], 'call', ARGV[7])
redis.call('PUBLISH', ARGV[5], ARGV[1])
return answer
