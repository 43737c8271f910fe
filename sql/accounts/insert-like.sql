-- For whoever leaves the account that was theirs. Below the locks of the groups and of that account.
-- returns id
-- :name string
-- :fromId number
-- :isSuspended number
-- :factor number
-- :ownFactor number?
-- :groupName string?
insert into accounts (name, status, factor, own_factor, group_name)
select :name, case when :isSuspended = 1 then 'suspended' else status end,
       :factor, :ownFactor, :groupName
  from accounts where id = :fromId
