-- What people are called whom the log of an account names, also where they have left it.
-- returns many
-- :ids number[]
select id, name from users where id in (:ids)
