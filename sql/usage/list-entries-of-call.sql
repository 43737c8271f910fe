-- What a call has moved in the ledger, also when its own row is gone.
-- returns many
-- :callId bytes
-- column kind EntryKind
select account_id as accountId, seq, kind, plan_nanos as planNanos,
       balance_nanos as balanceNanos, created_at as createdAt
  from entries
 where call_id = :callId
 order by account_id, seq
