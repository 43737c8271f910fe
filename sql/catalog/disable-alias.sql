-- returns count
-- :alias string
update model_aliases set enabled = 0 where alias = :alias and enabled = 1
