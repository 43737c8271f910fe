-- returns one
-- :accountId number
-- :from string
-- :to string
select cast(sum(cost_nanos) as signed) as costNanos
  from usage_days where account_id = :accountId and day >= :from and day <= :to
