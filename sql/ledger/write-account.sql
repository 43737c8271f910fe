-- The row is locked by this transaction, so the new values may be written outright.
-- returns count
-- :id number
-- :planNanos number
-- :planHeldNanos number
-- :balanceNanos number
-- :balanceHeldNanos number
-- :entrySeq number
update accounts
   set plan_nanos = :planNanos, plan_held_nanos = :planHeldNanos,
       balance_nanos = :balanceNanos, balance_held_nanos = :balanceHeldNanos,
       entry_seq = :entrySeq
 where id = :id
