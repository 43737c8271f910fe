-- returns count
-- :id number
-- :outcome string
update orders set plan_outcome = :outcome where id = :id
