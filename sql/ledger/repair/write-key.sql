-- Run under the account's lock, which is also the lock of its keys.
-- returns count
-- :id number
-- :accountId number
-- :spentNanos number
-- :heldNanos number
update api_keys set spent_nanos = :spentNanos, held_nanos = :heldNanos
 where id = :id and account_id = :accountId
