-- Run under the account's lock, below which budgets begin anew.
-- returns count
-- :id number
-- :zone string
update accounts set time_zone = :zone where id = :id
