-- For whoever leaves the account that was theirs: who was suspended there stays so.
-- returns id
-- :name string
-- :fromId number
insert into accounts (name, status) select :name, status from accounts where id = :fromId
