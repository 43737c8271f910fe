-- old relays: may run
-- Of a call that was refused for money: the most it could have cost, and what there was for it, of the
-- account or of the budget that was short. Null for all others, and for what older relays refuse.
-- Instant, so that no replica waits for a copy of all calls.
alter table calls add column needed_nanos bigint null,
                  add column left_nanos bigint null,
                  algorithm = instant
