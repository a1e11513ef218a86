-- Reserves ids for a batch of events: two variadic reads and two variadic writes for all of them, because a call from Lua costs more
-- than what it does to one hash field.
-- KEYS  claims, last ids: hashes by generation, `<key>:<n>`, n counting lifetimes of the clock; the one before is read too
-- ARGV  claims' lifetime ms, last ids' lifetime ms, number of items, then four texts with a part per item: '1' when its claim was made
--       before (else '0'); its channel, 13 characters; its proposed id, 13 characters; its claim `<channel>:<sender>:<clientId>` and a line feed
-- Answers per item: '+<prev>' reserved, '=<id><latest>' duplicate (with its prev behind, if it is the latest), '<<latest>' behind, '?' unknown
local count, again = tonumber(ARGV[3]), ARGV[4]
local channels, claimNames = {}, {}
for i = 1, count do channels[i] = string.sub(ARGV[5], 13 * i - 12, 13 * i) end
for claim in string.gmatch(ARGV[7], '[^\n]+') do claimNames[#claimNames + 1] = claim end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A hash of the running generation, which never goes back, whatever the clock does. A new one lives by itself for three lifetimes, and
-- what is two older goes, without blocking.
local function open(base, lifetime)
  local generation = math.max(math.floor(now / lifetime), tonumber(redis.call('GET', base .. ':generation') or 0))
  local hash = { key = base .. ':' .. generation, before = base .. ':' .. (generation - 1), lifetime = lifetime }
  hash.fresh = redis.call('EXISTS', hash.key) == 0
  hash.old = redis.call('EXISTS', hash.before) == 1
  if hash.fresh then
    redis.call('UNLINK', base .. ':' .. (generation - 2))
    redis.call('SET', base .. ':generation', generation, 'PX', 3 * lifetime)
  end
  return hash
end

local function write(hash, pairs)
  if #pairs == 0 then return end
  redis.call('HSET', hash.key, unpack(pairs))
  if hash.fresh then
    -- A value longer than a small hash may hold: searching a list of many fields costs more than hashing.
    redis.call('HSET', hash.key, '', string.rep('-', 65))
    redis.call('PEXPIRE', hash.key, 3 * hash.lifetime)
  end
end

local claims, last = open(KEYS[1], tonumber(ARGV[1])), open(KEYS[2], tonumber(ARGV[2]))
local held = redis.call('HMGET', claims.key, unpack(claimNames))
local heldBefore = claims.old and redis.call('HMGET', claims.before, unpack(claimNames)) or {}
local latest = redis.call('HMGET', last.key, unpack(channels))

local current, order, failed, claimed = {}, {}, {}, {}
local function latestOf(i, channel)
  local id = current[channel] or latest[i]
  if not id and last.old then id = redis.call('HGET', last.before, channel) end
  return id
end

-- What is held of a channel: '<id><prev>', the prev '' where it is not known; or '<id>!' once the channel was made known, see advance-1.
local function bare(last)
  if string.sub(last, -1) == '!' then return string.sub(last, 1, -2) end
  return string.sub(last, 1, 13)
end

local function prevOf(last)
  return string.sub(last, -1) == '!' and '' or string.sub(last, 14)
end

local out, newClaims = {}, {}
for i = 1, count do
  local channel, claim, proposed = channels[i], claimNames[i], string.sub(ARGV[6], 13 * i - 12, 13 * i)
  local answer = failed[channel]
  if not answer then
    local repeated = string.byte(again, i) == 49
    local holder = not repeated and (claimed[claim] or held[i] or heldBefore[i])
    local prev = latestOf(i, channel)
    if not prev then
      answer = '?'
      failed[channel] = answer
    elseif holder then
      answer = '=' .. holder .. bare(prev)
      if holder == bare(prev) then answer = answer .. prevOf(prev) end
    elseif prev < proposed then
      local known = string.sub(prev, -1) == '!' and '' or bare(prev)
      answer = '+' .. known
      if not current[channel] then order[#order + 1] = channel end
      current[channel] = proposed .. known
      if not repeated then
        claimed[claim] = proposed
        newClaims[#newClaims + 1] = claim
        newClaims[#newClaims + 1] = proposed
      end
    else
      answer = '<' .. bare(prev)
      failed[channel] = answer
    end
  end
  out[i] = answer
end

write(claims, newClaims)
local newLast = {}
for _, channel in ipairs(order) do
  newLast[#newLast + 1] = channel
  newLast[#newLast + 1] = current[channel]
end
write(last, newLast)
return out
