-- Enqueues a command, once per id.
-- KEYS 1 commands:queue  2 cmd:{id}  3 dedupe:{id}  4 commands:depth  5 commands:states  6 senders
--      7 commands:enqueued:total  8 monitor:activity  9 hosts (optional: of a target on a host)
-- ARGV 1 id  2 type  3 target  4 message  5 priority  6 timestamp (ISO)  7 sender  8 SHA-256 of the secret, or ''
--      9 now (ms)  10 quota per target  11 quota of the queue  12 events channel  13 dedupe TTL (s)
--      14 the target's host, or ''
-- Returns 'ok' | 'duplicate' | 'sender' (invalid proof) | 'type' (not allowed for this sender) | 'host' (removed, or
-- never joined) | 'quota-target' | 'quota-all'. Only 'ok' adds a command; 'sender' and 'type' add a line of activity.
local id, kind, target, message, sender = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[7]

-- Checks for a duplicate only on refusal: a repeat of an accepted command is a duplicate, whatever has changed since.
local function refuse(code, why)
  if redis.call('EXISTS', KEYS[3], KEYS[2]) > 0 then return 'duplicate' end
  if not why then return code end
  redis.call('XADD', KEYS[8], 'MAXLEN', '~', 1000, '*', 'at', ARGV[9], 'text',
    'refused: ' .. sender .. ' → ' .. target .. ': ' .. why)
  return code
end

local is_agent = string.sub(sender, 1, 6) == 'AGENT-'
local proven = ARGV[8] ~= '' and redis.call('HGET', KEYS[6], ARGV[8])
if is_agent or sender == 'MOTHER' then
  if proven ~= sender then return refuse('sender', 'the sender is not who it claims to be') end
  -- The envelope contains the sender's name that the receiver sees.
  local claimed = string.match(message, '^%[([%w%-]+) → ')
  if claimed and claimed ~= sender then return refuse('sender', 'the message claims to be from ' .. claimed) end
elseif ARGV[8] ~= '' then
  -- A process that presents an agent's secret is that agent, whatever name it gives.
  return refuse('sender', 'an agent may not send in this name')
end
if (kind == 'slash' and (is_agent or sender == 'MOTHER')) or (is_agent and kind ~= 'tmux_message') then
  return refuse('type', 'may not send a command of type ' .. kind)
end

-- Nothing would ever read the queue of a host that is not listed.
if KEYS[9] and redis.call('HEXISTS', KEYS[9], ARGV[14]) == 0 then return refuse('host') end
if tonumber(redis.call('HGET', KEYS[4], target) or '0') >= tonumber(ARGV[10]) then return refuse('quota-target') end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[11]) then return refuse('quota-all') end
-- A ledger may outlive the dedupe key of its id.
if not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[13]) or redis.call('HSET', KEYS[2], 'id', id) == 0 then
  return 'duplicate'
end

local stream_id = redis.call('XADD', KEYS[1], '*', 'id', id, 'type', kind, 'target', target, 'message', message,
  'priority', ARGV[5], 'timestamp', ARGV[6], 'retry_count', '0', 'sender', sender)
redis.call('HSET', KEYS[2], 'type', kind, 'target', target, 'message', message, 'priority', ARGV[5],
  'timestamp', ARGV[6], 'sender', sender, 'attempts', '0', 'notBefore', '0', 'enqueuedAt', ARGV[9],
  'streamId', stream_id, 'state', 'queued', 'since', ARGV[9], 'reason', '',
  -- Same format as add_history, without reading: a new ledger has no earlier history.
  'history', '{"at":' .. ARGV[9] .. ',"state":"queued","reason":""}')
redis.call('HINCRBY', KEYS[4], target, 1)
move(KEYS[5], '', 'queued')
redis.call('INCR', KEYS[7])
tell(ARGV[12], id, 'queued', target)
return 'ok'
