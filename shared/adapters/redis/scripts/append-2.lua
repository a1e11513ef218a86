-- Appends events to the windows of their channels. Answers 0, and appends nothing, when the data set is another one than asked for.
-- KEYS  the epoch, what comes before a channel in the key of its window
-- ARGV  ttl ms, epoch ('' for any), number of channels, then one text, its numbers big-endian: per channel its id, 13 characters, a byte that is
--       1 when its ttl is due, and the number of its members (u32); per member its length (u32) and itself (event id and bytes)
local MEMBERS_PER_CALL = 1000
if ARGV[2] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
local windows, packed, at = KEYS[2], ARGV[4], 1

for _ = 1, tonumber(ARGV[3]) do
  local channel, due, count
  channel, due, count, at = struct.unpack('>c13BI4', packed, at)
  local window = windows .. channel
  if count == 1 then
    local member
    member, at = struct.unpack('>I4c0', packed, at)
    redis.call('ZADD', window, '0', member)
    count = 0
  end
  while count > 0 do
    local scored = {}
    for i = 1, math.min(count, MEMBERS_PER_CALL) do
      scored[2 * i - 1] = '0'
      scored[2 * i], at = struct.unpack('>I4c0', packed, at)
    end
    redis.call('ZADD', window, unpack(scored))
    count = count - MEMBERS_PER_CALL
  end
  if due == 1 then redis.call('PEXPIRE', window, ARGV[1]) end
end
return 1
