-- Functions that several scripts share; loaded before every script. No KEYS or ARGV of its own. A script uses only keys
-- that were passed in KEYS, so all scripts run on Redis Cluster.
local HISTORY_BYTES = 16384

local function add_history(ledger, at, state, reason)
  local line = '{"at":' .. at .. ',"state":"' .. state .. '","reason":' .. cjson.encode(reason) .. '}'
  local old = redis.call('HGET', ledger, 'history')
  if old and #old > 0 then
    -- A message that is held and released for days keeps its first step and its latest ones.
    if #old > HISTORY_BYTES then
      local first = string.match(old, '^[^\n]*')
      local rest = string.match(string.sub(old, -HISTORY_BYTES / 2), '\n(.*)$')
      old = first .. '\n' .. (rest or '')
    end
    line = old .. '\n' .. line
  end
  redis.call('HSET', ledger, 'state', state, 'since', at, 'reason', reason, 'history', line)
end

-- Counts how many commands are in each state.
local function move(states, from, to)
  if from == to then return end
  if from and from ~= '' and redis.call('HINCRBY', states, from, -1) <= 0 then redis.call('HDEL', states, from) end
  if to and to ~= '' then redis.call('HINCRBY', states, to, 1) end
end

-- Decrements the number of messages that wait for the target.
local function leave(depth, target)
  if redis.call('HINCRBY', depth, target, -1) <= 0 then redis.call('HDEL', depth, target) end
end

local function acknowledge(queue, group, stream_id)
  redis.pcall('XACK', queue, group, stream_id)
  redis.call('XDEL', queue, stream_id)
end

local function tell(channel, id, state, target)
  redis.call('PUBLISH', channel, cjson.encode({ kind = 'command', id = id, state = state, target = target }))
end

-- Records the result of a command for views and debugging.
local function result(completed, cap, id, state, at, l)
  redis.call('XADD', completed, 'MAXLEN', '~', cap, '*', 'id', id, 'state', state, 'at', at,
    'type', l.type or '', 'target', l.target or '', 'sender', l.sender or '',
    'attempts', l.attempts or '0', 'enqueuedAt', l.enqueuedAt or '0')
end

local function hash_of(key)
  local flat = redis.call('HGETALL', key)
  local hash = {}
  for i = 1, #flat, 2 do hash[flat[i]] = flat[i + 1] end
  return hash
end

-- Ends a command as `dead` or `uncertain`; it keeps its payload until the user retries or drops it.
local function bury(ledger, queue, group, dead, depth, states, id, stream_id, state, reason, at, l)
  add_history(ledger, at, state, reason)
  local payload = cjson.encode({ id = id, type = l.type, target = l.target, message = l.message,
    priority = l.priority, timestamp = l.timestamp, sender = l.sender, retry_count = l.attempts or '0' })
  local dead_id = redis.call('XADD', dead, '*', 'id', id, 'state', state, 'reason', reason, 'at', at,
    'attempts', l.attempts or '0', 'payload', payload, 'history', redis.call('HGET', ledger, 'history'))
  redis.call('HSET', ledger, 'ended', at, 'deadId', dead_id)
  move(states, l.state, state)
  leave(depth, l.target)
  acknowledge(queue, group, stream_id)
end
