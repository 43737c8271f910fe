-- Run under the account's lock, so that it is ordered before every later reservation.
-- returns count
-- :accountId number
-- :userId number
update api_keys set revoked_at = current_timestamp(3)
 where account_id = :accountId and user_id = :userId and revoked_at is null
