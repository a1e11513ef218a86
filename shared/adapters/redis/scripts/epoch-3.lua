-- The name of this data set. A Redis that runs anew may have brought back an older state: then it is another one.
-- KEYS  the epoch, the partitions whose window is whole, last ids: hashes by generation (see reserve-2); an older state of them is forgotten
-- ARGV  run id of the server, fresh name (which begins with it)
local epoch = redis.call('GET', KEYS[1])
if epoch and string.sub(epoch, 1, #ARGV[1]) == ARGV[1] then return epoch end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('DEL', KEYS[2])
local generation = tonumber(redis.call('GET', KEYS[3] .. ':generation') or 0)
redis.call('UNLINK', KEYS[3] .. ':' .. generation, KEYS[3] .. ':' .. (generation - 1))
return ARGV[2]
