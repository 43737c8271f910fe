-- returns count
-- :entries (accountId number, seq number, kind EntryKind, planNanos number, balanceNanos number,
--   planAfterNanos number, balanceAfterNanos number, callId bytes?, ref string?, actor string?,
--   note string?, createdAt string)[]
insert into entries (account_id, seq, kind, plan_nanos, balance_nanos, plan_after_nanos,
                     balance_after_nanos, call_id, ref, actor, note, created_at)
values :entries
