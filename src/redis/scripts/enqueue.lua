-- Keeps a command, once per id.
-- KEYS 1 commands:queue  2 cmd:{id}  3 ids  4 commands:depth  5 commands:states  6 senders
--      7 commands:enqueued:total  8 monitor:activity  9 ids:earlier  10 ids:since  11 hosts (optional: of a target on a host)
-- ARGV 1 id  2 type  3 target  4 message  5 priority  6 timestamp (ISO)  7 sender  8 SHA-256 of the secret, or ''
--      9 now (ms)  10 quota per target  11 quota of the queue  12 events channel  13 how many ids a set holds  14 the target's host, or ''
--      15 '1': an earlier try may have been taken  16 the timestamp in ms
--      17 'now' or 'idle': when a working agent gets it, or ''  18 bytes that a message may have, its envelope included
-- Returns 'ok' | 'duplicate' | 'sender' (the proof fails) | 'type' (not for this sender) | 'unknown' (nobody can tell whether an earlier try was taken)
--      | 'host' (it was given up, or never joined) | 'quota-target' | 'quota-all' | 'too-long'. Only 'ok' adds a command; 'sender', 'type' and 'unknown' add a line of activity.
-- The ids of the last commands are in two sets, the earlier of which goes when the other is full: so an id is known until at least as many
-- later ones were enqueued as a set holds. `ids:since` says from when on every id is known.
-- By so much may the clocks of two machines differ, milliseconds.
local CLOCKS_DIFFER_MS = 60000
local id, kind, target, message, sender = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[7]

if #message > tonumber(ARGV[18]) then return 'too-long' end

local function is_known()
  return redis.call('EXISTS', KEYS[2]) == 1 or redis.call('SISMEMBER', KEYS[3], id) == 1 or redis.call('SISMEMBER', KEYS[9], id) == 1
end

-- Asked only where something speaks against it: a repeat of what was taken is a repeat, whatever has changed since.
local function refuse(code, why)
  if is_known() then return 'duplicate' end
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

-- No process would ever read the queue of a host that is not listed.
if KEYS[11] and redis.call('HEXISTS', KEYS[11], ARGV[14]) == 0 then return refuse('host') end
if tonumber(redis.call('HGET', KEYS[4], target) or '0') >= tonumber(ARGV[10]) then return refuse('quota-target') end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[11]) then return refuse('quota-all') end
if is_known() then return 'duplicate' end
local since = ARGV[15] == '1' and tonumber(redis.call('HGET', KEYS[10], 'earlier') or '0') or 0
if since > 0 and tonumber(ARGV[16]) < since + CLOCKS_DIFFER_MS then
  return refuse('unknown', 'it was not sent again, since nobody can tell whether it had arrived')
end

if redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[13]) then
  redis.call('UNLINK', KEYS[9])
  redis.call('RENAME', KEYS[3], KEYS[9])
  redis.call('HSET', KEYS[10], 'earlier', redis.call('HGET', KEYS[10], 'current') or '0', 'current', ARGV[9])
end
redis.call('SADD', KEYS[3], id)
redis.call('HSET', KEYS[2], 'id', id)

local when = (ARGV[17] or '') ~= '' and { 'when', ARGV[17] } or {}
local stream_id = redis.call('XADD', KEYS[1], '*', 'id', id, 'type', kind, 'target', target, 'message', message,
  'priority', ARGV[5], 'timestamp', ARGV[6], 'retry_count', '0', 'sender', sender, unpack(when))
redis.call('HSET', KEYS[2], 'type', kind, 'target', target, 'message', message, 'priority', ARGV[5],
  'timestamp', ARGV[6], 'sender', sender, 'attempts', '0', 'notBefore', '0', 'enqueuedAt', ARGV[9],
  'streamId', stream_id, 'state', 'queued', 'since', ARGV[9], 'reason', '',
  -- Same format as add_history, without reading: a new ledger has no earlier history.
  'history', '{"at":' .. ARGV[9] .. ',"state":"queued","reason":""}')
redis.call('HINCRBY', KEYS[4], target, 1)
if when[1] then redis.call('HSET', KEYS[2], unpack(when)) end
move(KEYS[5], '', 'queued')
redis.call('INCR', KEYS[7])
tell(ARGV[12], id, 'queued', target)
return 'ok'
