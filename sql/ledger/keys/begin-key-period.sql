-- Of a key whose budget begins anew: what it has spent since is what it will have spent beyond
-- :baseNanos. Its account is locked; this follows `write-keys`, which knows nothing of periods.
-- returns count
-- :id number
-- :periodBegan time
-- :periodEnds time
-- :baseNanos number
-- :seq number
update api_keys
   set period_began = :periodBegan, period_ends = :periodEnds, period_base_nanos = :baseNanos,
       period_seq = :seq
 where id = :id
