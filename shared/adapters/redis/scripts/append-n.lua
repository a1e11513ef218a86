-- Appends events to the windows of their channels. Answers 0, and appends nothing, when the data set is another one than asked for.
-- KEYS  the epoch, then the window per event
-- ARGV  ttl ms, epoch ('' for any), then per event: member (id and bytes), '1' when the window's ttl is due
if ARGV[2] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
for i = 2, #KEYS do
  redis.call('ZADD', KEYS[i], 0, ARGV[2 * i - 1])
  if ARGV[2 * i] == '1' then redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
end
return 1
