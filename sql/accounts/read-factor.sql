-- Read below the account's lock.
-- returns maybe
-- :id number
select factor, own_factor as ownFactor, group_name as groupName from accounts where id = :id
