-- Appends keys to the invalidation log.
-- KEYS  log head, log keys
-- ARGV  fresh run id, log length, keys
local count = #ARGV - 2
if redis.call('HINCRBY', KEYS[1], 'n', count) == count then redis.call('HSETNX', KEYS[1], 'run', ARGV[1]) end
redis.call('RPUSH', KEYS[2], unpack(ARGV, 3))
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[2]), -1)
return 1
