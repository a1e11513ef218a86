-- Makes channels known: their last id becomes at least the given one.
-- KEYS  the channels' last ids
-- ARGV  ttl ms, then the id per key ('' for a channel without events)
for i, key in ipairs(KEYS) do
  local last = redis.call('GET', key)
  if not last or last < ARGV[i + 1] then redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1]) end
end
return 1
