-- Removes sessions, each only while the entry is this incarnation's; logs the users whose entries went.
-- KEYS  log head, log keys, what comes before a user in the key of its routes
-- ARGV  fresh run id, log length, what comes before a user in a log key, lines of '<session> <user> <device> <server> <incarnation>'
local logged = {}
for session, user, life in string.gmatch(ARGV[4], '(%S+) (%S+) ([^\n]+)\n') do
  local key, value = KEYS[3] .. user, life .. ' '
  local held = redis.call('HGET', key, session)
  if held and string.sub(held, 1, #value) == value then
    redis.call('HDEL', key, session)
    logged[#logged + 1] = ARGV[3] .. user
  end
end
if #logged == 0 then return 0 end

if redis.call('HINCRBY', KEYS[1], 'n', #logged) == #logged then redis.call('HSETNX', KEYS[1], 'run', ARGV[1]) end
redis.call('RPUSH', KEYS[2], unpack(logged))
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[2]), -1)
return #logged
