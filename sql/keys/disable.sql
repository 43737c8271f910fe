-- Run under the account's lock, so that it is ordered before every later reservation.
-- returns count
-- :id number
-- :accountId number
update api_keys set disabled_at = current_timestamp(3)
 where id = :id and account_id = :accountId and revoked_at is null and disabled_at is null
