-- returns count
-- :upstream string
-- :name string
delete from upstream_keys where upstream = :upstream and name = :name
