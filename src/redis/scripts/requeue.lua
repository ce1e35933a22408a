-- Retries a dead or uncertain command for the user, from the start: same id, a new entry in the queue.
-- KEYS 1 cmd:{id}  2 commands:queue  3 commands:dead  4 commands:depth  5 commands:states
--      6 inflight:{window} (optional): the record of an earlier attempt does not apply to this one
-- ARGV 1 id  2 now (ms)  3 events channel
-- Returns 'ok' | 'already' (in flight) | 'not-dead' (has ended otherwise) | 'gone'
local l = hash_of(KEYS[1])
if not l.state then return 'gone' end
if not l.ended then return 'already' end
if l.state ~= 'dead' and l.state ~= 'uncertain' then return 'not-dead' end
local when = l.when and { 'when', l.when } or {}
local stream_id = redis.call('XADD', KEYS[2], '*', 'id', ARGV[1], 'type', l.type, 'target', l.target, 'message', l.message,
  'priority', l.priority, 'timestamp', l.timestamp, 'retry_count', '0', 'sender', l.sender, unpack(when))
redis.call('XDEL', KEYS[3], l.deadId)
redis.call('HDEL', KEYS[1], 'ended', 'deadId')
redis.call('HSET', KEYS[1], 'streamId', stream_id, 'attempts', '0', 'notBefore', '0')
if KEYS[6] and redis.call('HGET', KEYS[6], 'id') == ARGV[1] then redis.call('DEL', KEYS[6]) end
add_history(KEYS[1], ARGV[2], 'queued', 'retried by hand')
redis.call('PERSIST', KEYS[1])
redis.call('HINCRBY', KEYS[4], l.target, 1)
move(KEYS[5], l.state, 'queued')
tell(ARGV[3], ARGV[1], 'queued', l.target)
return 'ok'
