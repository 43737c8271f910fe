-- old relays: may run
-- When the month of a member's cap ends, and what their keys had spent when it began: what they have
-- used of it since is the difference. What keys spend and hold is summed up where a cap is looked at,
-- so that no call writes here; `period_spent_nanos` and `held_nanos` are left alone.
alter table memberships add column period_ends datetime(3) null,
                        add column period_base_nanos bigint not null default 0,
                        algorithm = instant
