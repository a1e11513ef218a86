-- Reserves ids for a batch of events: two variadic reads and two variadic writes for all of them, because a call from Lua costs more
-- than what it does to one hash field. Client ids that differ in their last character are one field, because a field costs more than what is
-- done to it (docs/adr/0009-append-notes.md).
-- KEYS  claims, last ids: hashes by generation, `<key>:<n>`, n counting lifetimes of the clock; the one before is read too
-- ARGV  claims' lifetime ms, last ids' lifetime ms, then three texts. Items come in runs, of one channel, one sender and client ids that differ in
--       their last character only: per run its number of items, 4 characters; per run `<channel>:<sender>:<client id without its last character>`
--       and a line feed; per item '1' when its claim was made before (else '0'), the last character of its client id, and its proposed id
-- Answers one text, per item: '+<prev>' reserved, '&' reserved and its prev is the item before it, '*' reserved and its prev is not known,
-- '=<id><latest>' duplicate, '#<id><latest><prev>' the same, if it is the latest and its prev is known, '<<latest>' behind, '?' unknown;
-- each id 13 characters ('' as blanks)
local sub, byte, find, call = string.sub, string.byte, string.find, redis.call
local ID, ITEM, CLAIM = 13, 15, 14
-- What is held of a channel: '<id><prev>', the prev '' where it is not known; or '<id>!' once the channel was made known, see advance-1.
-- Looked at by byte where that does: each text that Lua makes is hashed, all of it, and looked up among all that there are.
local MARK, REPEATED = 33, 49

local counts, fields, channels = {}, {}, {}
local function readRuns(lengths, names)
  local at = 1
  for run = 1, #lengths / 4 do
    local stop = find(names, '\n', at, true)
    counts[run] = tonumber(sub(lengths, 4 * run - 3, 4 * run))
    fields[run] = sub(names, at, stop - 1)
    channels[run] = sub(names, at, at + ID - 1)
    at = stop + 1
  end
end
readRuns(ARGV[3], ARGV[4])
local items = ARGV[5]

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A hash of the running generation, which never goes back, whatever the clock does. A new one lives by itself for three lifetimes, and
-- what is two older goes, without blocking.
local function open(base, lifetime)
  local generation = math.max(math.floor(now / lifetime), tonumber(call('GET', base .. ':generation') or 0))
  local hash = { key = base .. ':' .. generation, before = base .. ':' .. (generation - 1), lifetime = lifetime }
  hash.fresh = call('EXISTS', hash.key) == 0
  hash.old = call('EXISTS', hash.before) == 1
  if hash.fresh then
    call('UNLINK', base .. ':' .. (generation - 2))
    call('SET', base .. ':generation', generation, 'PX', 3 * lifetime)
  end
  return hash
end

local function write(hash, values)
  local pairs, size = {}, 0
  for field, value in next, values do
    pairs[size + 1], pairs[size + 2] = field, value
    size = size + 2
  end
  if size == 0 then return end
  call('HSET', hash.key, unpack(pairs))
  if hash.fresh then
    -- A value longer than a small hash may hold: searching a list of many fields costs more than hashing.
    call('HSET', hash.key, '', string.rep('-', 65))
    call('PEXPIRE', hash.key, 3 * hash.lifetime)
  end
end

local claims, last = open(KEYS[1], tonumber(ARGV[1])), open(KEYS[2], tonumber(ARGV[2]))
local claimedNow = call('HMGET', claims.key, unpack(fields))
local claimedBefore = claims.old and call('HMGET', claims.before, unpack(fields)) or {}
local lastIds = call('HMGET', last.key, unpack(channels))

-- A field of claims: for each its last character and the id that it was given.
local function holderOf(claimed, tail)
  if not claimed then return nil end
  for at = 1, #claimed, CLAIM do
    if byte(claimed, at) == tail then return sub(claimed, at + 1, at + ID) end
  end
end

local out, size = {}, 0
local function say(answer)
  size = size + 1
  out[size] = answer
end

local function sayDuplicate(id, latest, prev)
  local isLatest = id == latest and prev ~= ''
  say(isLatest and '#' or '=')
  say(id)
  say(string.format('%-13s', latest))
  if isLatest then say(prev) end
end

local newClaims, newLast, failed = {}, {}, {}
local item = 0
for run = 1, #counts do
  local channel, field = channels[run], fields[run]
  local held = newLast[channel] or lastIds[run] or last.old and call('HGET', last.before, channel)
  if not held then failed[channel] = '?' end

  local marked, latest, prev = held and byte(held, -1) == MARK, nil, ''
  if marked then
    latest = sub(held, 1, -2)
  elseif held then
    latest, prev = sub(held, 1, ID), sub(held, ID + 1)
  end

  local claimed, claimedLongBefore = newClaims[field] or claimedNow[run], claimedBefore[run]
  local mine, added = {}, {}
  local chained, moved = false, false
  for i = item + 1, item + counts[run] do
    local at = ITEM * (i - 1) + 1
    local repeated, tail = byte(items, at, at + 1)
    repeated = repeated == REPEATED
    local holder = not repeated and (mine[tail] or holderOf(claimed, tail) or holderOf(claimedLongBefore, tail))
    if failed[channel] then
      say(failed[channel])
    elseif holder then
      sayDuplicate(holder, latest, prev)
      chained = false
    else
      local proposed = sub(items, at + 2, at + 1 + ID)
      if latest < proposed then
        if marked then
          say('*')
        elseif chained then
          say('&')
        else
          say('+')
          say(latest)
        end
        prev, latest = marked and '' or latest, proposed
        marked, chained, moved = false, true, true
        if not repeated then
          mine[tail] = proposed
          added[#added + 1] = sub(items, at + 1, at + 1 + ID)
        end
      else
        failed[channel] = string.format('<%-13s', latest)
        say(failed[channel])
      end
    end
  end
  item = item + counts[run]
  if moved then newLast[channel] = latest .. prev end
  if #added > 0 then newClaims[field] = (claimed or '') .. table.concat(added) end
end

write(claims, newClaims)
write(last, newLast)
return table.concat(out)
