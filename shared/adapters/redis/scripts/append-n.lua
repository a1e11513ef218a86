-- Appends events to the windows of their channels.
-- KEYS  the window per event
-- ARGV  ttl ms, then per event: member (id and bytes), '1' when the window's ttl is due
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, 0, ARGV[2 * i])
  if ARGV[2 * i + 1] == '1' then redis.call('PEXPIRE', key, ARGV[1]) end
end
return 1
