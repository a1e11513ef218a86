-- Moves a device's cursors, each only forward.
-- KEYS  the device's cursors, a hash
-- ARGV  ttl ms, then pairs of field and event id
for i = 2, #ARGV, 2 do
  local held = redis.call('HGET', KEYS[1], ARGV[i])
  if not held or held < ARGV[i + 1] then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return false
