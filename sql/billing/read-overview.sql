-- One statement, so that the figures are of one moment and add up on the page.
-- returns maybe
-- :accountId number
-- :today string
-- :weekStart string
-- :monthStart string
-- column status AccountStatus
select a.status, a.plan_nanos as planNanos, a.balance_nanos as balanceNanos,
       a.plan_held_nanos + a.balance_held_nanos as heldNanos,
       a.plan_nanos - a.plan_held_nanos + a.balance_nanos - a.balance_held_nanos as availableNanos,
       s.monthly_nanos as monthlyNanos, s.renews_at as renewsAt,
       s.in_grace as planInGrace, s.canceled_at is not null as planCanceled, s.ends_at as planEndsAt,
       a.plan_models is not null as planIsForSome,
       a.plan_nanos <> 0 or s.account_id is not null
         or exists (select 1 from plan_periods p where p.account_id = a.id) as hadPlan,
       a.notify_below_nanos as notifyBelowNanos, a.created_at as createdAt,
       (select count(*) from holds h where h.account_id = a.id) as openHolds,
       (select coalesce(cast(sum(d.cost_nanos) as signed), 0) from usage_days d
         where d.account_id = a.id and d.day = :today) as todayNanos,
       (select coalesce(cast(sum(d.cost_nanos) as signed), 0) from account_days d
         where d.account_id = a.id and d.day >= :weekStart) as weekNanos,
       (select coalesce(cast(sum(d.cost_nanos) as signed), 0) from usage_days d
         where d.account_id = a.id and d.day >= :monthStart) as monthNanos
  from accounts a left join subscriptions s on s.account_id = a.id
 where a.id = :accountId
