-- Reserves ids for a batch of events: two variadic reads and two variadic writes for all of them, because a call from Lua costs more
-- than what it does to one hash field.
-- KEYS  claims, last ids: hashes by generation, `<key>:<n>`, n counting lifetimes of the clock; the one before is read too
-- ARGV  claims' lifetime ms, last ids' lifetime ms, number of items, then four texts with a part per item: '1' when its claim was made
--       before (else '0'); its channel, 13 characters; its proposed id, 13 characters; its claim `<channel>:<sender>:<clientId>` and a line feed
-- Answers one text, per item: '+<prev>' reserved, '*' reserved and its prev is not known, '=<id><latest>' duplicate, '#<id><latest><prev>'
-- the same, if it is the latest and its prev is known, '<<latest>' behind, '?' unknown; each id 13 characters ('' as blanks)
local sub, byte, call = string.sub, string.byte, redis.call
local count, again, proposals = tonumber(ARGV[3]), ARGV[4], ARGV[6]
local channels, claimNames = {}, {}
for i = 1, count do channels[i] = sub(ARGV[5], 13 * i - 12, 13 * i) end
for claim in string.gmatch(ARGV[7], '[^\n]+') do claimNames[#claimNames + 1] = claim end
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

local function write(hash, pairs)
  if #pairs == 0 then return end
  call('HSET', hash.key, unpack(pairs))
  if hash.fresh then
    -- A value longer than a small hash may hold: searching a list of many fields costs more than hashing.
    call('HSET', hash.key, '', string.rep('-', 65))
    call('PEXPIRE', hash.key, 3 * hash.lifetime)
  end
end

local claims, last = open(KEYS[1], tonumber(ARGV[1])), open(KEYS[2], tonumber(ARGV[2]))
local claimedBefore = call('HMGET', claims.key, unpack(claimNames))
local claimedLongBefore = claims.old and call('HMGET', claims.before, unpack(claimNames)) or {}
local latest = call('HMGET', last.key, unpack(channels))

-- What is held of a channel: '<id><prev>', the prev '' where it is not known; or '<id>!' once the channel was made known, see advance-1.
-- Looked at by byte where that does: each text that Lua makes is hashed and looked up among all it has.
local MARK = 33
local function bare(held)
  if byte(held, -1) == MARK then return sub(held, 1, -2) end
  return sub(held, 1, 13)
end

local current, order, failed, claimed = {}, {}, {}, {}
local out, size, newClaims, claimsSize = {}, 0, {}, 0
local function say(answer)
  size = size + 1
  out[size] = answer
end

local function sayDuplicate(id, held)
  local latest = bare(held)
  local prev = id == latest and byte(held, -1) ~= MARK and sub(held, 14) or ''
  say(prev == '' and '=' or '#')
  say(id)
  say(string.format('%-13s', latest))
  say(prev)
end

for i = 1, count do
  local channel = channels[i]
  if failed[channel] then
    say(failed[channel])
  else
    local claim, held = claimNames[i], current[channel] or latest[i] or last.old and call('HGET', last.before, channel)
    local repeated = byte(again, i) == 49
    local holder = not repeated and (claimed[claim] or claimedBefore[i] or claimedLongBefore[i])
    if not held then
      failed[channel] = '?'
      say('?')
    elseif holder then
      sayDuplicate(holder, held)
    else
      local proposed = sub(proposals, 13 * i - 12, 13 * i)
      if held < proposed then
        if not current[channel] then order[#order + 1] = channel end
        if byte(held, -1) == MARK then
          say('*')
          current[channel] = proposed
        else
          local prev = sub(held, 1, 13)
          say('+')
          say(prev)
          current[channel] = proposed .. prev
        end
        if not repeated then
          claimed[claim] = proposed
          newClaims[claimsSize + 1], newClaims[claimsSize + 2] = claim, proposed
          claimsSize = claimsSize + 2
        end
      else
        failed[channel] = '<' .. bare(held)
        say(failed[channel])
      end
    end
  end
end

write(claims, newClaims)
local newLast = {}
for n, channel in ipairs(order) do
  newLast[2 * n - 1], newLast[2 * n] = channel, current[channel]
end
write(last, newLast)
return table.concat(out)
