-- Reserves ids for a batch of events. Two calls for a fresh one: claim (sender, clientId), move the channel's last id.
-- KEYS  per item: the claim of (channel, sender, clientId), the channel's last id
-- ARGV  claim ttl ms, then per item: proposed id, '1' when the claim was made before
-- Answers per item: '+<prev>' reserved, '=<id><latest>' duplicate, '<<latest>' behind, '?' unknown
local claimTtl = ARGV[1]
local out, failed = {}, {}
for i = 1, #KEYS / 2 do
  local claim, last = KEYS[2 * i - 1], KEYS[2 * i]
  local proposed, again = ARGV[2 * i], ARGV[2 * i + 1] == '1'
  local answer = failed[last]
  if not answer then
    local claimed = again or redis.call('SET', claim, proposed, 'NX', 'PX', claimTtl)
    local holder = not claimed and redis.call('GET', claim)
    if holder then
      local latest = redis.call('GET', last)
      if latest then
        answer = '=' .. holder .. latest
      else
        answer = '?'
        failed[last] = answer
      end
    else
      local prev = redis.call('SET', last, proposed, 'XX', 'GET', 'KEEPTTL')
      if prev and prev < proposed then
        answer = '+' .. prev
      else
        if prev then
          redis.call('SET', last, prev, 'KEEPTTL')
          answer = '<' .. prev
        else
          answer = '?'
        end
        if not again then redis.call('DEL', claim) end
        failed[last] = answer
      end
    end
  end
  out[i] = answer
end
return out
