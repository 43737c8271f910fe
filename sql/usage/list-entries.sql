-- What a call has moved in the ledger: one charge, or none.
-- returns many
-- :accountId number
-- :callId bytes
-- column kind EntryKind
select seq, kind, plan_nanos as planNanos, balance_nanos as balanceNanos,
       plan_after_nanos as planAfterNanos, balance_after_nanos as balanceAfterNanos,
       created_at as createdAt
  from entries
 where call_id = :callId and account_id = :accountId
 order by seq
