-- The hook script for hooks that do not start `taco`: accepts the raw output of the agent's CLI
-- (orchestrator/agents/shim.ts).
-- KEYS 1 monitor:hooks  2 inflight:{window}
-- ARGV 1 window  2 event  3 events channel  4 cap of the stream  5 id of this hook call
--      6 ids of the processes above the hook, separated by spaces, or ''  7 the hook's JSON
-- Decides only cases that need no text equality: no text is in flight, or the prompt is exactly that text, apart from
-- whitespace at its end.
-- Returns 'ok' | 'receipt' (written) | 'slow' (nothing written; `taco hook` itself must process it)
local raw = ARGV[7]
if #raw > 1000000 or not string.find(raw, '^%s*{') then return 'slow' end
local readable, fields = pcall(cjson.decode, raw)
if not readable or type(fields) ~= 'table' then return 'slow' end
-- These fields are rare and have their own limits.
if fields.tool_name ~= nil or fields.tool_input ~= nil or fields.toolName ~= nil or fields.toolInput ~= nil or fields.notification_type ~= nil or fields.prompt_response ~= nil then return 'slow' end

if type(fields.background_tasks) == 'table' and next(fields.background_tasks) ~= nil then return 'slow' end

local data = {}
local function keep(field, name, longest)
  local value = fields[field]
  if type(value) == 'string' and #value <= longest then data[name] = value end
end
-- Copilot's name comes first, so that the other one overrides it.
keep('sessionId', 'sessionId', 200)
keep('session_id', 'sessionId', 200)
if fields.transcript_path ~= '' then keep('transcript_path', 'transcript', 4096) end
keep('permission_mode', 'permissionMode', 64)
keep('reason', 'source', 64)
keep('source', 'source', 64)
keep('prompt', 'prompt', 1000000)
keep('last_assistant_message', 'lastMessage', 1000000)
if string.find(ARGV[6], '^[%d ]+$') and #ARGV[6] <= 400 then data.parents = ARGV[6] end

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local answer = 'ok'
if ARGV[2] == 'UserPromptSubmit' and data.prompt then
  local l = redis.call('HMGET', KEYS[2], 'id', 'phase', 'text')
  if l[1] and l[2] ~= 'received' then
    -- A loop, because a pattern takes quadratic time on a long run of whitespace.
    local function trimmed(text)
      local length = #text
      while length > 0 and string.find(string.char(string.byte(text, length)), '%s') do length = length - 1 end
      return string.sub(text, 1, length)
    end
    if trimmed(l[3] or '') ~= trimmed(data.prompt) then return 'slow' end
    data.commandId = l[1]
    redis.call('HSET', KEYS[2], 'phase', 'received', 'promptAt', now, 'transcript', data.transcript or '')
    answer = 'receipt'
  end
end
local event = cjson.encode({ kind = 'hook', window = tonumber(ARGV[1]), event = ARGV[2], data = data })
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'event', event, 'at', now, 'call', ARGV[5])
redis.call('PUBLISH', ARGV[3], event)
return answer
