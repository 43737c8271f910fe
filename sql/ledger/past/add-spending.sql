-- What calls of the past add to a key, which has then been there since before the first of them.
-- returns count
-- :id number
-- :spentNanos number
-- :since time
-- :lastUsedAt time
update api_keys
   set spent_nanos = spent_nanos + :spentNanos,
       created_at = least(created_at, :since),
       last_used_at = greatest(coalesce(last_used_at, :lastUsedAt), :lastUsedAt)
 where id = :id
