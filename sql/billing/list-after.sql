-- What these entries left in both pools, and when they were booked, in no order.
-- returns many
-- :accountId number
-- :seqs number[]
select seq, plan_after_nanos as planNanos, balance_after_nanos as balanceNanos,
       created_at as createdAt
  from entries where account_id = :accountId and seq in (:seqs)
