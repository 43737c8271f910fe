-- returns count
-- :accountId number
-- :models string?
update accounts force index (primary) set plan_models = :models where id = :accountId
