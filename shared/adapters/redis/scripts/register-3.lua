-- Registers sessions, each with its user's key in the invalidation log, in one step.
-- KEYS  log head, log keys, what comes before a user in the key of its routes
-- ARGV  fresh run id, log length, what comes before a user in a log key, lines of '<session> <user> <device> <server> <incarnation>', sessions per user
local MAX = tonumber(ARGV[5])
local now = redis.call('TIME')
local at = now[1] .. string.format('%03d', math.floor(tonumber(now[2]) / 1000))

local function dropOldest(key)
  local flat, oldest, oldestAt = redis.call('HGETALL', key), nil, nil
  for i = 1, #flat, 2 do
    local since = string.match(flat[i + 1], '(%d+)$')
    if not oldest or since < oldestAt then oldest, oldestAt = flat[i], since end
  end
  redis.call('HDEL', key, oldest)
end

-- Registered again: it keeps its age.
local function replace(key, session, value)
  local held = redis.call('HGET', key, session)
  if string.sub(held, 1, #value + 1) ~= value .. ' ' then redis.call('HSET', key, session, value .. ' ' .. at) end
end

local logged = {}
for session, user, value in string.gmatch(ARGV[4], '(%S+) (%S+) ([^\n]+)\n') do
  local key = KEYS[3] .. user
  if redis.call('HSETNX', key, session, value .. ' ' .. at) == 0 then replace(key, session, value) end
  while redis.call('HLEN', key) > MAX do dropOldest(key) end
  logged[#logged + 1] = ARGV[3] .. user
end

if redis.call('HINCRBY', KEYS[1], 'n', #logged) == #logged then redis.call('HSETNX', KEYS[1], 'run', ARGV[1]) end
redis.call('RPUSH', KEYS[2], unpack(logged))
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[2]), -1)
return 1
