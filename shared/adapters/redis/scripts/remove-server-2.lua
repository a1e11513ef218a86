-- Ends a server's lease while it is this incarnation's.
-- KEYS  the server's lease, the set of server ids
-- ARGV  server id, incarnation
if redis.call('HGET', KEYS[1], 'incarnation') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])
return 1
