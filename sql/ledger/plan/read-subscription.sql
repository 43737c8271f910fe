-- Read below the account's lock. The terms of a plan are its row's, the price is the subscription's
-- own: a code may have paid.
-- returns maybe
-- :accountId number
select s.monthly_nanos as monthlyNanos, s.anchor_day as anchorDay, s.renews_at as renewsAt,
       s.plan_id as planId, s.price_nanos as priceNanos, s.in_grace as inGrace,
       s.next_plan_id as nextPlanId, s.canceled_at as canceledAt, s.ends_at as endsAt,
       p.name, p.models, coalesce(p.rollover_nanos, 0) as rolloverNanos,
       coalesce(p.grace_days, 0) as graceDays,
       s.renews_at <= current_timestamp(3) as due, current_timestamp(3) as now
  from subscriptions s left join plans p on p.id = s.plan_id
 where s.account_id = :accountId
