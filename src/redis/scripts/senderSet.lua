-- Registers the proof of a sender and revokes an earlier secret of the same label.
-- KEYS 1 senders (hash: SHA-256 of the secret → label)
-- ARGV 1 label  2 SHA-256 of the secret; '' only revokes
-- Returns 1
for hash, label in pairs(hash_of(KEYS[1])) do
  if label == ARGV[1] and hash ~= ARGV[2] then redis.call('HDEL', KEYS[1], hash) end
end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], ARGV[2], ARGV[1]) end
return 1
