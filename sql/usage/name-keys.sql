-- returns many
-- :accountId number
select id, name from api_keys where account_id = :accountId
