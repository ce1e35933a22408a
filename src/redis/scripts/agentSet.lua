-- Changes fields of an agent, updates agents:active:count, and records each change of its state.
-- KEYS 1 agents:{window}  2 agents:windows  3 agents:active:count  4 agents:history
-- ARGV 1 window  2 events channel  3 cap of the history  4… field, value, …; none: removes the agent
-- An agent counts as active while its CLI runs. Mother (window 0) is no agent and is not counted.
-- Returns 1, or 0 for a patch of a removed agent (the patch must not create an incomplete record).
local ACTIVE = { starting = 1, idle = 1, busy = 1, ['needs-input'] = 1, limited = 1, done = 1 }
local before = redis.call('HGET', KEYS[1], 'status')
local fields, whole = {}, false
for i = 4, #ARGV do fields[#fields + 1] = ARGV[i] end
for i = 1, #fields, 2 do if fields[i] == 'name' then whole = true end end
if not before and not whole then return 0 end

local after = false
if #fields == 0 then
  redis.call('DEL', KEYS[1])
  redis.call('SREM', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[1], unpack(fields))
  redis.call('SADD', KEYS[2], ARGV[1])
  after = redis.call('HGET', KEYS[1], 'status')
end
if after and after ~= before then redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[3], '*', 'window', ARGV[1], 'status', after) end
if ARGV[1] ~= '0' then
  local delta = (after and ACTIVE[after] or 0) - (before and ACTIVE[before] or 0)
  if delta ~= 0 then redis.call('INCRBY', KEYS[3], delta) end
end
redis.call('PUBLISH', ARGV[2], cjson.encode({ kind = 'agent', window = tonumber(ARGV[1]) }))
return 1
