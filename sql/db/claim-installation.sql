-- The first process names the installation; all others read the name.
-- returns count
-- :name string
insert ignore into installation (id, name) values (1, :name)
