-- Run under the account's lock, which is also the lock of its keys.
-- returns count
-- :id number
-- :accountId number
-- :spentNanos number
-- :heldNanos number
-- :baseNanos number
update api_keys
   set spent_nanos = :spentNanos, held_nanos = :heldNanos, period_base_nanos = :baseNanos
 where id = :id and account_id = :accountId
