-- Read below the locks of the groups.
-- returns maybe
-- :name string
select models from account_groups where name = :name
