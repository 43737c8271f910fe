-- returns count
-- :id number
-- :planOutcome PlanOutcome
update orders set plan_outcome = :planOutcome where id = :id
