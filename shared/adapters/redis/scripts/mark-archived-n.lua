-- Says which events the windows hold, moves the archived marks, and trims what is archived and beyond the bounds.
-- A mark is '<id>:<events>:<bytes>': the largest archived id, and what was marked since the last trim.
-- KEYS  per channel: window, mark
-- ARGV  ttl ms, events to keep, bytes to keep, then per channel: number of ids, ids
local ttl, keepEvents, keepBytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local CHUNK = 50
local out, at = {}, 4

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
  local mark = redis.call('GET', markKey)
  local id, events, bytes = '', 0, 0
  if mark then
    local e, b
    id, e, b = string.match(mark, '^(%w*):(%d+):(%d+)$')
    events, bytes = tonumber(e), tonumber(b)
  end
  local count = tonumber(ARGV[at])
  for i = at + 1, at + count do
    local asked = ARGV[i]
    local found = redis.call('ZLEXCOUNT', window, '[' .. asked, '(' .. asked .. '~')
    out[#out + 1] = found > 0 and 1 or 0
    if asked > id then id = asked end
  end
  -- Reading a member into Lua costs more than finding it, so one stands for all of this call.
  local sample = redis.call('ZRANGEBYLEX', window, '[' .. ARGV[at + count], '(' .. ARGV[at + count] .. '~', 'LIMIT', '0', '1')[1]
  events = events + count
  bytes = bytes + (sample and #sample or 0) * count
  at = at + count + 1
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
return out
