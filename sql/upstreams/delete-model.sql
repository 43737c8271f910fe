-- returns count
-- :upstream string
-- :model string
delete from upstream_models where upstream = :upstream and model = :model
