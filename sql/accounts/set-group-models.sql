-- Run with the group and all that are in it locked.
-- returns count
-- :name string
-- :models string?
update account_groups set models = :models where name = :name
