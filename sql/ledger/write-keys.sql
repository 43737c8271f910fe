-- As write-accounts does it; the lock of the account is also the lock of its keys.
-- returns count
-- :ids number[]
-- :spentNanos number[]
-- :heldNanos number[]
update api_keys force index (primary)
   set spent_nanos = elt(field(id, :ids), :spentNanos),
       held_nanos = elt(field(id, :ids), :heldNanos),
       last_used_at = current_timestamp(3)
 where id in (:ids)
