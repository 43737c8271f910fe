-- What is to be when the period is over: another plan, or nothing.
-- returns count
-- :accountId number
-- :nextPlanId number?
-- :canceledAt time?
update subscriptions set next_plan_id = :nextPlanId, canceled_at = :canceledAt
 where account_id = :accountId
