-- Makes channels known that are not: the given id is their last one. There may be a later one that is not known: '!', which sorts before
-- every character of an id, marks it, and the event after it names no predecessor. Who is known already keeps its last id: of several
-- servers that find a channel unknown at the same time, the first one decides, or what it has numbered since would lie behind no gap.
-- KEYS  last ids: a hash by generation, see reserve-2
-- ARGV  last ids' lifetime ms, then channel and id ('' for a channel without events) per item
local lifetime = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local generation = math.max(math.floor(now / lifetime), tonumber(redis.call('GET', KEYS[1] .. ':generation') or 0))
local key, before = KEYS[1] .. ':' .. generation, KEYS[1] .. ':' .. (generation - 1)
for i = 2, #ARGV, 2 do
  local channel, id = ARGV[i], ARGV[i + 1]
  local last = redis.call('HGET', key, channel) or redis.call('HGET', before, channel)
  if not last then last = id .. '!' end
  redis.call('HSET', key, channel, last)
end
-- See reserve-2: the generation never goes back, and the hash must not stay a list.
redis.call('SET', KEYS[1] .. ':generation', generation, 'PX', 3 * lifetime)
redis.call('HSET', key, '', string.rep('-', 65))
redis.call('PEXPIRE', key, 3 * lifetime)
return 1
