-- Below the account's lock: what of somebody's keys works.
-- returns many
-- :accountId number
-- :userId number
select id from api_keys
 where account_id = :accountId and user_id = :userId and revoked_at is null
