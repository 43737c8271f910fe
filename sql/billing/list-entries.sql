-- Newest first, from one entry of an account down to another.
-- returns many
-- :accountId number
-- :after number
-- :upTo number
-- :rows number
-- column kind ListedKind
select seq, coalesce(case when ref like 'code:%' then 'code' end, kind) as kind,
       plan_nanos as planNanos, balance_nanos as balanceNanos,
       plan_after_nanos as planAfterNanos, balance_after_nanos as balanceAfterNanos,
       call_id as callId, note, created_at as createdAt
  from entries
 where account_id = :accountId and seq > :after and seq <= :upTo
 order by seq desc limit :rows
