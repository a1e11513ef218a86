-- Appends events to the windows of their channels. Answers 0, and appends nothing, when the data set is another one than asked for.
-- KEYS  the epoch, then a window per channel
-- ARGV  ttl ms, epoch ('' for any), then per channel: '1' when its ttl is due, number of members, members (id and bytes)
local CHUNK = 1000
if ARGV[2] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
local at = 3
for k = 2, #KEYS do
  local window, due, count = KEYS[k], ARGV[at] == '1', tonumber(ARGV[at + 1])
  at = at + 2
  if count == 1 then
    redis.call('ZADD', window, '0', ARGV[at])
  else
    for start = 0, count - 1, CHUNK do
      local scored = {}
      for i = start, math.min(start + CHUNK, count) - 1 do
        scored[#scored + 1] = '0'
        scored[#scored + 1] = ARGV[at + i]
      end
      redis.call('ZADD', window, unpack(scored))
    end
  end
  if due then redis.call('PEXPIRE', window, ARGV[1]) end
  at = at + count
end
return 1
