-- returns count
-- :name string
delete from upstream_keys where upstream = :name
