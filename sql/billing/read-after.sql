-- What an entry left in both pools.
-- returns maybe
-- :accountId number
-- :seq number
select plan_after_nanos as planNanos, balance_after_nanos as balanceNanos
  from entries where account_id = :accountId and seq = :seq
