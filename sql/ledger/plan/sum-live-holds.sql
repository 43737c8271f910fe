-- What open calls hold of credit whose period is not over.
-- returns one
-- :accountId number
select coalesce(cast(sum(plan_nanos) as signed), 0) as nanos
  from holds force index (holds_account)
 where account_id = :accountId and plan_ended = 0
