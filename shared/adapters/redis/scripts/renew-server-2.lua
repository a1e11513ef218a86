-- Creates or renews a server's lease; refused while another incarnation holds it.
-- Answers 0 refused, 1 renewed, 2 created
-- KEYS  the server's lease, the set of server ids
-- ARGV  lease ms, server id, incarnation, then the lease's other fields and values
local holder = redis.call('HGET', KEYS[1], 'incarnation')
if holder and holder ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'incarnation', ARGV[3], unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[2], ARGV[2])
return holder and 1 or 2
