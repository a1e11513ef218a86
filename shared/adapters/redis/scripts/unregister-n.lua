-- Removes sessions, each only while the entry is this incarnation's; logs the users whose entries went.
-- KEYS  log head, log keys, then the user's routes per session
-- ARGV  fresh run id, log length, then per session: session id, 'device server incarnation', log key
local logged = {}
for i = 3, #KEYS do
  local a = 2 + (i - 3) * 3
  local session, value = ARGV[a + 1], ARGV[a + 2] .. ' '
  local held = redis.call('HGET', KEYS[i], session)
  if held and string.sub(held, 1, #value) == value then
    redis.call('HDEL', KEYS[i], session)
    logged[#logged + 1] = ARGV[a + 3]
  end
end
if #logged == 0 then return 0 end

if redis.call('HINCRBY', KEYS[1], 'n', #logged) == #logged then redis.call('HSETNX', KEYS[1], 'run', ARGV[1]) end
redis.call('RPUSH', KEYS[2], unpack(logged))
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[2]), -1)
return #logged
