-- Says of a partition that what its window lacks is archived, if the data set is still the one of which that was found out.
-- KEYS  the epoch, the partitions whose window is whole
-- ARGV  epoch, partition
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], '1')
return 1
