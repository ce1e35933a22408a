-- Records the text in flight to a window for the prompt check, or clears it.
-- KEYS 1 lease:epoch  2 inflight:{window}
-- ARGV 1 epoch  2 id  3 phase; '' clears, if the record belongs to this id  4 text  5 time at which the typing began (ms)
--      6 text of another message that the CLI still keeps in its own queue, or ''
-- A phase never overwrites a receipt of the same command: the hook may be faster than the executor.
-- Returns 'ok' | 'receipt' (unchanged) | 'stale'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'stale' end
local l = redis.call('HMGET', KEYS[2], 'id', 'phase')
if ARGV[3] == '' then
  if l[1] == ARGV[2] then redis.call('DEL', KEYS[2]) end
  return 'ok'
end
if l[1] == ARGV[2] and (l[2] == 'received' or l[2] == 'refused') then return 'receipt' end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'id', ARGV[2], 'phase', ARGV[3], 'text', ARGV[4], 'typedAt', ARGV[5] or '0',
  'queued', ARGV[6] or '')
return 'ok'
