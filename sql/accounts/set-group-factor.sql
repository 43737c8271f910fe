-- returns count
-- :name string
-- :factor number
update account_groups set factor = :factor where name = :name
