-- old relays: may run
-- No slot from here on is in any of the account's days (zone_folds); one before it may be.
alter table accounts add column folded_slot int not null default 0, algorithm = instant
