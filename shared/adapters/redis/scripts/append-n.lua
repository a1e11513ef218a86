-- Appends events to the windows of their channels. Answers 0, and appends nothing, when the data set is another one than asked for.
-- KEYS  the epoch, then a window per channel
-- ARGV  ttl ms, epoch ('' for any), then one text of big-endian u32 and members: per channel 1 when its ttl is due (else 0), the
--       number of members, then per member its length and itself (id and bytes)
local MEMBERS_PER_CALL = 1000
if ARGV[2] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
local packed, at = ARGV[3], 1

local function readNumber()
  local number
  number, at = struct.unpack('>I4', packed, at)
  return number
end

local function readMember()
  local length = readNumber()
  at = at + length
  return string.sub(packed, at - length, at - 1)
end

for k = 2, #KEYS do
  local due, count = readNumber(), readNumber()
  while count > 0 do
    local scored = {}
    for i = 1, math.min(count, MEMBERS_PER_CALL) do
      scored[2 * i - 1] = '0'
      scored[2 * i] = readMember()
    end
    redis.call('ZADD', KEYS[k], unpack(scored))
    count = count - MEMBERS_PER_CALL
  end
  if due == 1 then redis.call('PEXPIRE', KEYS[k], ARGV[1]) end
end
return 1
