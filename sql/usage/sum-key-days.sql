-- What each of these keys cost by day, from the rollup alone.
-- returns many
-- :accountId number
-- :from string
-- :to string
-- :keyIds number[]
select key_id as keyId, day, cast(sum(cost_nanos) as signed) as costNanos
  from usage_days
 where account_id = :accountId and day >= :from and day <= :to and key_id in (:keyIds)
 group by key_id, day
 order by null
