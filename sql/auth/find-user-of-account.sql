-- Who an account was made for.
-- returns maybe
-- :accountId number
select id as userId, name from users where account_id = :accountId order by id limit 1
