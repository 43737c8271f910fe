-- returns count
-- :id number
-- :spentNanos number
update api_keys
   set spent_nanos = spent_nanos + :spentNanos, last_used_at = current_timestamp(3)
 where id = :id
