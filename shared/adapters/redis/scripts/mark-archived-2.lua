-- Moves the archived marks, and trims what is archived and beyond the bounds.
-- A mark is packed: the largest archived id, 13 characters, then the number and the bytes of what was marked since the last step (u32, big-endian);
-- behind it the steps before, oldest first, each in the same form. A step is a quarter of the bounds, so that what to keep is known without looking.
-- All of them are in two hashes, of which the older one goes once a ttl has passed: a read and a write for all channels, where a key for each with a
-- time to live takes two calls from Lua for each.
-- KEYS  marks: a hash by channel, `<key>:before` is the one before; what comes before a channel in the key of its window
-- ARGV  ttl ms, events to keep, bytes to keep, then one text: per channel its id, 13 characters, and what was archived as in a mark
local ttl, keepEvents, keepBytes, packed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local marks, before, windows = KEYS[1], KEYS[1] .. ':before', KEYS[2]
local MARK, MARK_LENGTH, ITEM_LENGTH = '>c13I4I4', 21, 34
local CHUNK = 50
local packMark, unpackMark = struct.pack, struct.unpack

-- No mark is forgotten within a ttl of its last move: it is in the older hash for that long at least, and both live for three. Field '' holds the beginning.
local function rotate()
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local since = tonumber(redis.call('HGET', marks, ''))
  if since and now - since < ttl then return end
  if since then
    redis.call('UNLINK', before)
    redis.call('RENAME', marks, before)
  end
  redis.call('HSET', marks, '', string.format('%d', now))
  redis.call('PEXPIRE', marks, 3 * ttl)
end

local function isEnough(events, bytes)
  return events >= keepEvents or bytes >= keepBytes
end

-- How many events a member has, and how many bytes they are: several are behind a zero byte, see window-blocks.ts.
local function sizeOf(member)
  if string.byte(member, 14) ~= 0 then return 1, #member - 13 end
  local events, bytes, at = 0, 0, 15
  while at <= #member do
    local length = unpackMark('>I4', member, at)
    events, bytes, at = events + 1, bytes + length, at + 17 + length
  end
  return events, bytes
end

-- The newest member beyond what is to be kept; the newest of all always stays. Reads the members: only where one step is all that may stay.
local function findCut(window)
  local members, events, bytes = 0, 0, 0
  while true do
    local chunk = redis.call('ZREVRANGEBYLEX', window, '+', '-', 'LIMIT', members, CHUNK)
    for _, member in ipairs(chunk) do
      local moreEvents, moreBytes = sizeOf(member)
      local isOver = events >= keepEvents or bytes + moreBytes > keepBytes
      if members > 0 and isOver then return string.sub(member, 1, 13) end
      members, events, bytes = members + 1, events + moreEvents, bytes + moreBytes
    end
    if #chunk < CHUNK then return nil end
  end
end

-- A step ends: drops what is archived and beyond the bounds, and returns the steps that are still needed, this one among them.
local function trim(window, id, events, bytes, steps)
  local cut
  local step = packMark(MARK, id, events, bytes)
  if isEnough(events, bytes) then
    cut, steps = findCut(window), step
    if cut and cut > id then cut = id end
  else
    steps = steps .. step
    for at = #steps - MARK_LENGTH + 1 - MARK_LENGTH, 1, -MARK_LENGTH do
      local stepId, stepEvents, stepBytes = unpackMark(MARK, steps, at)
      if isEnough(events, bytes) then
        cut = stepId
        steps = string.sub(steps, at + MARK_LENGTH)
        break
      end
      events, bytes = events + stepEvents, bytes + stepBytes
    end
  end
  if cut then redis.call('ZREMRANGEBYLEX', window, '-', '(' .. cut .. '~') end
  return steps
end

rotate()
local count, channels = #packed / ITEM_LENGTH, {}
for c = 1, count do channels[c] = string.sub(packed, ITEM_LENGTH * (c - 1) + 1, ITEM_LENGTH * (c - 1) + 13) end
local held = redis.call('HMGET', marks, unpack(channels))
local hasOlder = redis.call('EXISTS', before) == 1

local moved = {}
for c = 1, count do
  local channel = channels[c]
  local id, events, bytes = unpackMark(MARK, packed, ITEM_LENGTH * (c - 1) + 14)
  local mark = held[c] or hasOlder and redis.call('HGET', before, channel)
  local steps = ''
  if mark then
    local markedId, markedEvents, markedBytes = unpackMark(MARK, mark)
    if markedId > id then id = markedId end
    events, bytes, steps = events + markedEvents, bytes + markedBytes, string.sub(mark, MARK_LENGTH + 1)
  end
  local due = events * 4 >= keepEvents or bytes * 4 >= keepBytes
  if due then
    steps = trim(windows .. channel, id, events, bytes, steps)
    events, bytes = 0, 0
  end
  if due or not mark then redis.call('PEXPIRE', windows .. channel, ttl) end
  moved[2 * c - 1], moved[2 * c] = channel, packMark(MARK, id, events, bytes) .. steps
end
redis.call('HSET', marks, unpack(moved))
return 1
