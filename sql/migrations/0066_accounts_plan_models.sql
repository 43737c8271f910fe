-- old relays: may run
-- Which models the plan credit pays for, as JSON; null for all. Whoever gives an account its credit
-- writes it, so that whoever holds the row's lock need not look.
alter table accounts add column plan_models varchar(4000) null, algorithm = instant
