-- The group that an account is in, and when: of what two relays know the later holds.
-- returns maybe
-- :accountId number
select group_name as groupName,
       cast(floor(unix_timestamp(current_timestamp(3)) * 1000) as signed) as readMs
  from accounts where id = :accountId
