-- What an account is subscribed to and may be, and what it could pay with; of one moment.
-- returns maybe
-- :accountId number
select a.group_name as groupName, a.balance_nanos - a.balance_held_nanos as balanceNanos,
       a.plan_nanos as planNanos, s.plan_id as planId, s.monthly_nanos as monthlyNanos,
       s.price_nanos as priceNanos, s.renews_at as renewsAt, s.in_grace as inGrace,
       s.canceled_at as canceledAt, s.ends_at as endsAt, s.next_plan_id as nextPlanId,
       p.name, p.models, p.rollover_nanos as rolloverNanos, p.grace_days as graceDays,
       n.name as nextName, n.price_nanos as nextPriceNanos, n.credit_nanos as nextCreditNanos
  from accounts a
  left join subscriptions s on s.account_id = a.id
  left join plans p on p.id = s.plan_id
  left join plans n on n.id = s.next_plan_id
 where a.id = :accountId
