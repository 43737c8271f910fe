-- Run under the account's lock.
-- returns count
-- :id number
-- :accountId number
update api_keys set disabled_at = null, disabled_by = null
 where id = :id and account_id = :accountId and revoked_at is null and disabled_at is not null
