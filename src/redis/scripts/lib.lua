-- Put before every script when it is loaded: what several of them do. No KEYS or ARGV of its own.
-- A script names only keys that were passed in KEYS, and keys of the same project (one slot) where it lets old messages go: so all of them
-- run on Redis Cluster.
local HISTORY_BYTES = 16384
-- Dead and uncertain messages that wait for the user's decision; of more the oldest go.
local DEAD_KEPT = 1000

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

-- Returns the prefix of the project's keys, from one of them and its name.
local function prefix_of(key, name)
  return string.sub(key, 1, #key - #name)
end

-- The oldest ended messages go, with their ledgers: those that are too many and those that ended before `oldest`; some at a time.
local function forget_ended(completed, cap, oldest)
  local over = redis.call('XLEN', completed) - tonumber(cap)
  local gone = {}
  for n, entry in ipairs(redis.call('XRANGE', completed, '-', '+', 'COUNT', math.max(2, math.min(over + 1, 50)))) do
    local fields = {}
    for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
    local at = tonumber(fields.at) or 0
    if n > over and at >= tonumber(oldest) then break end
    local ledger = prefix_of(completed, 'commands:completed') .. 'cmd:' .. (fields.id or '')
    local l = redis.call('HMGET', ledger, 'since', 'ended', 'state')
    -- One that was tried again has a later end, or none yet; one that waits for the user stays as long as its dead letter.
    if l[2] and l[3] ~= 'dead' and l[3] ~= 'uncertain' and tonumber(l[1]) <= at then redis.call('UNLINK', ledger) end
    gone[#gone + 1] = entry[1]
  end
  if #gone > 0 then redis.call('XDEL', completed, unpack(gone)) end
  return #gone
end

-- The result of a command's life, for the views and for debugging.
local function result(completed, id, state, at, l)
  redis.call('XADD', completed, '*', 'id', id, 'state', state, 'at', at,
    'type', l.type or '', 'target', l.target or '', 'sender', l.sender or '',
    'attempts', l.attempts or '0', 'enqueuedAt', l.enqueuedAt or '0')
end

local function hash_of(key)
  local flat = redis.call('HGETALL', key)
  local hash = {}
  for i = 1, #flat, 2 do hash[flat[i]] = flat[i + 1] end
  return hash
end

-- Of too many dead letters the oldest is removed, and the user is notified.
local function forget_dead(dead, states, at)
  if redis.call('XLEN', dead) <= DEAD_KEPT then return end
  local prefix = prefix_of(dead, 'commands:dead')
  local oldest = redis.call('XRANGE', dead, '-', '+', 'COUNT', 1)[1]
  local fields = {}
  for i = 1, #oldest[2], 2 do fields[oldest[2][i]] = oldest[2][i + 1] end
  redis.call('XDEL', dead, oldest[1])
  local ledger = prefix .. 'cmd:' .. fields.id
  local l = redis.call('HMGET', ledger, 'deadId', 'state', 'sender', 'target')
  if l[1] == oldest[1] then
    move(states, l[2], '')
    redis.call('UNLINK', ledger)
  end
  redis.call('XADD', prefix .. 'monitor:activity', 'MAXLEN', '~', 1000, '*', 'at', at, 'text',
    'dropped, the oldest of ' .. DEAD_KEPT .. ' undelivered messages: ' .. (l[3] or '') .. ' → ' .. (l[4] or '') .. ' (' .. fields.reason .. ')')
end

-- Ends a command as `dead` or `uncertain`: kept with its payload until the user retries or drops it.
local function bury(ledger, queue, group, dead, depth, states, id, stream_id, state, reason, at, l)
  add_history(ledger, at, state, reason)
  local payload = cjson.encode({ id = id, type = l.type, target = l.target, message = l.message,
    priority = l.priority, when = l.when, timestamp = l.timestamp, sender = l.sender, retry_count = l.attempts or '0' })
  local dead_id = redis.call('XADD', dead, '*', 'id', id, 'state', state, 'reason', reason, 'at', at,
    'attempts', l.attempts or '0', 'payload', payload, 'history', redis.call('HGET', ledger, 'history'))
  redis.call('HSET', ledger, 'ended', at, 'deadId', dead_id)
  move(states, l.state, state)
  leave(depth, l.target)
  acknowledge(queue, group, stream_id)
  forget_dead(dead, states, at)
end
