-- returns count
-- :upstream string
-- :model string
-- :theirName string
insert into upstream_models (upstream, model, their_name) values (:upstream, :model, :theirName)
    on duplicate key update their_name = values(their_name)
