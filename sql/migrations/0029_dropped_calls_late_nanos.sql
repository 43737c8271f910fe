-- old relays: may run
-- How much the balance paid late in what `retain` has dropped: by so much it may have been
-- overdrawn. Null for months that were dropped before it was noted. Instant: nothing is copied.
alter table dropped_calls add column late_nanos bigint null, algorithm = instant
