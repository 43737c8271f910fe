-- returns count
-- :name string
-- :factor number?
update models set sale_factor = :factor where name = :name
