-- The group that an account is in.
-- returns maybe
-- :accountId number
select group_name as groupName from accounts where id = :accountId
