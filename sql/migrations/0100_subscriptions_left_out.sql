-- old relays: may run
-- The month until the next renewal was left out: it has neither fee nor credit, and no period.
alter table subscriptions add column left_out tinyint not null default 0
