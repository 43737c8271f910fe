-- returns one
-- :accountId number
select count(*) as total from api_keys where account_id = :accountId and revoked_at is null
