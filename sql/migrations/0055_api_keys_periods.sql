-- old relays: may run
-- A budget that begins anew each day, week or month. What the key had spent when its period began is
-- `period_base_nanos`, and what it has spent since is the difference, which older relays keep right by
-- booking what it spends; `period_seq` is the account's last entry before. They refuse nothing by it:
-- no such budget is to be set before the last of them is gone.
alter table api_keys add column period varchar(5) character set ascii collate ascii_bin null,
                     add column period_budget_nanos bigint null,
                     add column period_began datetime(3) null,
                     add column period_ends datetime(3) null,
                     add column period_base_nanos bigint not null default 0,
                     add column period_seq bigint not null default 0,
                     algorithm = instant
