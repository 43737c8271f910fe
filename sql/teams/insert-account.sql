-- returns id
-- :name string
insert into accounts (name) values (:name)
