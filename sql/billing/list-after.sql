-- What these entries left in both pools, in no order.
-- returns many
-- :accountId number
-- :seqs number[]
select seq, plan_after_nanos as planNanos, balance_after_nanos as balanceNanos
  from entries where account_id = :accountId and seq in (:seqs)
