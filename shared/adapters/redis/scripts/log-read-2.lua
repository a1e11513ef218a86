-- Reads the invalidation log after a place. One call when nothing is new.
-- KEYS  log head, log keys
-- ARGV  fresh run id, run id and count of the reader's cursor
-- Answers 0 for nothing new, else {run, n} when what is new is not known, else {run, n, keys}
local head = redis.call('HMGET', KEYS[1], 'run', 'n')
local run, n = head[1], head[2]
if not run then
  redis.call('HSET', KEYS[1], 'run', ARGV[1], 'n', 0)
  return { ARGV[1], '0' }
end
if run ~= ARGV[2] then return { run, n } end
if n == ARGV[3] then return 0 end
local missed = tonumber(n) - tonumber(ARGV[3])
if missed < 0 then return { run, n } end
local keys = redis.call('LRANGE', KEYS[2], -missed, -1)
if #keys < missed then return { run, n } end
return { run, n, keys }
