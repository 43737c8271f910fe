-- returns count
-- :id number
-- :spentNanos number
-- :heldNanos number
update api_keys
   set spent_nanos = :spentNanos, held_nanos = :heldNanos, last_used_at = current_timestamp(3)
 where id = :id
