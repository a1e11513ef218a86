-- The live servers; forgets the ids whose lease has ended.
-- KEYS  the set of server ids
-- ARGV  what comes before a server id in the key of its lease
-- Answers per server: {server id, field, value, …}
local out = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local fields = redis.call('HGETALL', ARGV[1] .. id)
  if #fields == 0 then
    redis.call('SREM', KEYS[1], id)
  else
    out[#out + 1] = { id, unpack(fields) }
  end
end
return out
