-- In the order in which accounts are locked.
-- returns many
-- :name string
-- :rows number
select id from accounts where group_name = :name order by id limit :rows
