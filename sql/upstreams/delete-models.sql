-- returns count
-- :name string
delete from upstream_models where upstream = :name
