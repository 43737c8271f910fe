-- Whom an account belongs with: some plans are sold to one group alone.
-- returns maybe
-- :accountId number
select group_name as groupName from accounts where id = :accountId
