-- returns count
-- :name string
delete from account_groups where name = :name
