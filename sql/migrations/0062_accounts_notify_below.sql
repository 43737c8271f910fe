-- old relays: may run
-- Below which credit an account's people want to be told, and whether they have been. Older relays
-- tell nobody: who crosses it at one of them is told by the next call at a newer one.
alter table accounts add column notify_below_nanos bigint null,
                     add column notified_low tinyint not null default 0,
                     algorithm = instant
