-- For whoever leaves the account that was theirs: the new one stands as that did. Below the locks of the
-- groups and of that account.
-- returns id
-- :name string
-- :fromId number
insert into accounts (name, status, factor, own_factor, group_name)
select :name, status, factor, own_factor, group_name from accounts where id = :fromId
