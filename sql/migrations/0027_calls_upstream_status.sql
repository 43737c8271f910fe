-- old relays: may run
-- What the upstream answered, whatever the client was told: without it an expired key looks like an
-- outage. Null where it gave no answer. Instant, so that no replica waits for a copy of all calls.
alter table calls add column upstream_status smallint null, algorithm = instant
