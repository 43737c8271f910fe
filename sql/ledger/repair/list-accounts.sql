-- Accounts in the order of their ids, some at a time.
-- returns many
-- :after number
-- :rows number
select id from accounts where id > :after order by id limit :rows
