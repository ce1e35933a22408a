-- Answers an input request once, and only while it is open: the check and the answer are one step.
-- KEYS 1 needs  2 answer:{id}  3 senders  4 monitor:activity  5 answered:{id}
-- ARGV 1 id  2 answer as JSON  3 sender  4 SHA-256 of the secret, or ''  5 events channel  6 TTL of the answer (s)
--      7 now (ms)  8 window  9 nonce: a repeat after a lost reply is no second answer
-- Returns 'ok' | 'gone' (already answered, or its dialog has closed) | 'sender' (only the user may answer)
if ARGV[3] ~= 'USER' or ARGV[4] ~= '' then
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', 1000, '*', 'at', ARGV[7], 'text', 'refused: ' .. ARGV[3] .. ' may not answer for the person')
  return 'sender'
end
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then
  return redis.call('HGET', KEYS[5], 'by') == ARGV[9] and 'ok' or 'gone'
end
redis.call('HSET', KEYS[5], 'by', ARGV[9])
redis.call('EXPIRE', KEYS[5], ARGV[6])
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[6])
redis.call('PUBLISH', ARGV[5], cjson.encode({ kind = 'need', window = tonumber(ARGV[8]) }))
return 'ok'
