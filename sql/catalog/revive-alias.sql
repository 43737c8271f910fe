-- Gives an alias that was taken back to a model.
-- returns count
-- :alias string
-- :model string
update model_aliases set model = :model, enabled = 1 where alias = :alias and enabled = 0
