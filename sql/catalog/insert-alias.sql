-- One that is there stands, also one that was taken back.
-- returns count
-- :alias string
-- :model string
insert ignore into model_aliases (alias, model) values (:alias, :model)
