-- What keys of an account are called.
-- returns many
-- :accountId number
-- :ids number[]
select id, name from api_keys where account_id = :accountId and id in (:ids)
