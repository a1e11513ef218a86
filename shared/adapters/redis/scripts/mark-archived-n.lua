-- Moves the archived marks, and trims what is archived and beyond the bounds.
-- A mark is '<id>:<events>:<bytes>': the largest archived id, and what was marked since the last trim.
-- KEYS  per channel: window, mark
-- ARGV  ttl ms, events to keep, bytes to keep, then per channel: largest id, number and bytes of the events that were archived
local ttl, keepEvents, keepBytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local CHUNK = 50

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

for c = 1, #KEYS / 2 do
  local window, markKey = KEYS[2 * c - 1], KEYS[2 * c]
  local asked = ARGV[3 * c + 1]
  local id, events, bytes = '', 0, 0
  local mark = redis.call('GET', markKey)
  if mark then
    local e, b
    id, e, b = string.match(mark, '^(%w*):(%d+):(%d+)$')
    events, bytes = tonumber(e), tonumber(b)
  end
  if asked > id then id = asked end
  events = events + tonumber(ARGV[3 * c + 2])
  bytes = bytes + tonumber(ARGV[3 * c + 3])
  local manyBytes = bytes * 4 >= keepBytes
  local due = events * 4 >= keepEvents or manyBytes
  if due then
    trimByCount(window, id)
    local cut = manyBytes and findCut(window)
    if cut then redis.call('ZREMRANGEBYLEX', window, '-', '(' .. (cut < id and cut or id) .. '~') end
    events, bytes = 0, 0
  end
  if due or not mark then redis.call('PEXPIRE', window, ttl) end
  redis.call('SET', markKey, id .. ':' .. events .. ':' .. bytes, 'PX', ttl)
end
return 1
