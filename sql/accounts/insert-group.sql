-- returns count
-- :name string
-- :factor number
insert into account_groups (name, factor) values (:name, :factor)
