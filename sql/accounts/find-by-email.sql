-- Addresses are not unique: two people's providers may have told us the same one.
-- returns many
-- :email string
-- :rows number
select distinct account_id as accountId from users where email = :email order by account_id limit :rows
