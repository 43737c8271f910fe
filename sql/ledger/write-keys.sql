-- As write-accounts does it, but relative, so that a settlement need not read the keys; the lock of
-- the account is also the lock of its keys. ELT answers with text, of which a sum would be a float.
-- returns count
-- :ids number[]
-- :spentNanos number[]
-- :heldNanos number[]
update api_keys force index (primary)
   set spent_nanos = spent_nanos + cast(elt(field(id, :ids), :spentNanos) as signed),
       held_nanos = held_nanos + cast(elt(field(id, :ids), :heldNanos) as signed),
       last_used_at = current_timestamp(3)
 where id in (:ids)
