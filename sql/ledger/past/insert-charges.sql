-- The charges of these calls in the order in which they ended, each with the balance it leaves.
-- returns count
-- :accountId number
-- :from bytes
-- :to bytes
-- :firstTail bytes
-- :lastTail bytes
-- :seq number
-- :planNanos number
-- :balanceNanos number
insert into entries (account_id, seq, kind, plan_nanos, balance_nanos, plan_after_nanos,
                     balance_after_nanos, call_id, created_at)
select account_id, :seq + row_number() over (order by ended_at, id), 'charge', 0,
       0 - balance_nanos, :planNanos,
       :balanceNanos
         - cast(sum(balance_nanos) over (order by ended_at, id rows unbounded preceding) as signed),
       id, ended_at
  from calls force index (primary)
 where id >= :from and id < :to and account_id = :accountId and cost_nanos > 0
   and substring(id, 9) >= :firstTail and substring(id, 9) <= :lastTail
