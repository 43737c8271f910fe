-- returns count
-- :id number
-- :planOutcome string
update orders set plan_outcome = :planOutcome where id = :id
