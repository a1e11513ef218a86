-- Makes a session its claimer's, or renews that; answers the other owner when it has one.
-- KEYS  the session's owner
-- ARGV  claimer, ttl ms
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return owner end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
