-- old relays: may run
-- Whether the period that a hold's plan credit is of has ended since: what such a hold gives back is
-- nobody's any more. Instant, so that no replica waits.
alter table holds add column plan_ended tinyint not null default 0, algorithm = instant
