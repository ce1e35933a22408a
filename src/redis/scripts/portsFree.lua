-- Frees ports of an owner.
-- KEYS 1 ports:alloc
-- ARGV 1 owner  2… ports; none: all ports of the owner
-- Returns how many were freed
local wanted, freed = {}, 0
for i = 2, #ARGV do wanted[ARGV[i]] = true end
for port, holder in pairs(hash_of(KEYS[1])) do
  if string.match(holder, '^(.*) %S+$') == ARGV[1] and (#ARGV == 1 or wanted[port]) then
    freed = freed + redis.call('HDEL', KEYS[1], port)
  end
end
return freed
