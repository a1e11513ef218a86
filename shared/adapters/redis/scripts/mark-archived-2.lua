-- Moves the archived marks, and trims what is archived and beyond the bounds.
-- A mark is packed: the largest archived id, 13 characters, then the number and the bytes of what was marked since the last trim (u32, big-endian).
-- All of them are in two hashes, of which the older one goes once a ttl has passed: a read and a write for all channels, where a key for each with a
-- time to live takes two calls from Lua for each.
-- KEYS  marks: a hash by channel, `<key>:before` is the one before; what comes before a channel in the key of its window
-- ARGV  ttl ms, events to keep, bytes to keep, then one text: per channel its id, 13 characters, and what was archived as in a mark
local ttl, keepEvents, keepBytes, packed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local marks, before, windows = KEYS[1], KEYS[1] .. ':before', KEYS[2]
local MARK, ITEM_LENGTH = '>c13I4I4', 34
local CHUNK = 50

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

-- Drops archived members beyond the number to keep, by rank: the cheap and usual way.
local function trimByCount(window, id)
  local excess = redis.call('ZCARD', window) - keepEvents
  if excess <= 0 then return end
  local archived = redis.call('ZLEXCOUNT', window, '-', '(' .. id .. '~')
  if archived > 0 then redis.call('ZREMRANGEBYRANK', window, 0, math.min(excess, archived) - 1) end
end

-- The newest member beyond the bytes to keep; the newest of all always stays. Reads the members: for channels of long messages only.
local function findCut(window)
  local events, bytes = 0, 0
  while true do
    local chunk = redis.call('ZREVRANGEBYLEX', window, '+', '-', 'LIMIT', events, CHUNK)
    for _, member in ipairs(chunk) do
      events = events + 1
      bytes = bytes + #member
      if events > 1 and bytes > keepBytes then return string.sub(member, 1, 13) end
    end
    if #chunk < CHUNK then return nil end
  end
end

local function trim(window, id, manyBytes)
  trimByCount(window, id)
  local cut = manyBytes and findCut(window)
  if cut then redis.call('ZREMRANGEBYLEX', window, '-', '(' .. (cut < id and cut or id) .. '~') end
end

rotate()
local count, channels = #packed / ITEM_LENGTH, {}
for c = 1, count do channels[c] = string.sub(packed, ITEM_LENGTH * (c - 1) + 1, ITEM_LENGTH * (c - 1) + 13) end
local held = redis.call('HMGET', marks, unpack(channels))
local hasOlder = redis.call('EXISTS', before) == 1

local moved, packMark, unpackMark = {}, struct.pack, struct.unpack
for c = 1, count do
  local channel = channels[c]
  local id, events, bytes = unpackMark(MARK, packed, ITEM_LENGTH * (c - 1) + 14)
  local mark = held[c] or hasOlder and redis.call('HGET', before, channel)
  if mark then
    local markedId, markedEvents, markedBytes = unpackMark(MARK, mark)
    if markedId > id then id = markedId end
    events, bytes = events + markedEvents, bytes + markedBytes
  end
  local manyBytes = bytes * 4 >= keepBytes
  local due = events * 4 >= keepEvents or manyBytes
  if due then
    trim(windows .. channel, id, manyBytes)
    events, bytes = 0, 0
  end
  if due or not mark then redis.call('PEXPIRE', windows .. channel, ttl) end
  moved[2 * c - 1], moved[2 * c] = channel, packMark(MARK, id, events, bytes)
end
redis.call('HSET', marks, unpack(moved))
return 1
