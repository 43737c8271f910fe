-- One statement, so that the figures are of one moment and add up on the page.
-- returns maybe
-- :accountId number
-- :zone string
-- :todaySlot number
-- :weekStart string
-- :weekSlot number
-- :monthStart string
-- :monthSlot number
-- column status AccountStatus
select a.status, a.plan_nanos as planNanos, a.balance_nanos as balanceNanos,
       a.plan_held_nanos + a.balance_held_nanos as heldNanos,
       a.balance_nanos - a.balance_held_nanos
         + if(a.balance_nanos < a.balance_held_nanos, 0, a.plan_nanos - a.plan_held_nanos)
         as availableNanos,
       s.monthly_nanos as monthlyNanos, s.renews_at as renewsAt,
       s.in_grace as planInGrace, s.canceled_at is not null as planCanceled, s.ends_at as planEndsAt,
       a.plan_models is not null as planIsForSome,
       a.plan_nanos <> 0 or s.account_id is not null
         or exists (select 1 from plan_periods p where p.account_id = a.id) as hadPlan,
       a.notify_below_nanos as notifyBelowNanos, a.created_at as createdAt,
       (select count(*) from holds h where h.account_id = a.id) as openHolds,
       (select coalesce(cast(sum(q.cost_nanos) as signed), 0) from account_quarters q
         where q.account_id = a.id and q.slot >= :todaySlot) as todayNanos,
       (select coalesce(cast(sum(d.cost_nanos) as signed), 0) from account_zone_days d
         where d.account_id = a.id and d.zone = :zone and d.day >= :weekStart
           and d.day < (select max(before_day) from zone_folds
                         where account_id = :accountId and zone = :zone))
         + (select coalesce(cast(sum(q.cost_nanos) as signed), 0) from account_quarters q
             where q.account_id = a.id and q.slot >= :weekSlot
               and q.slot >= (select coalesce(max(before_slot), 0) from zone_folds
                               where account_id = :accountId and zone = :zone)) as weekNanos,
       (select coalesce(cast(sum(d.cost_nanos) as signed), 0) from account_zone_days d
         where d.account_id = a.id and d.zone = :zone and d.day >= :monthStart
           and d.day < (select max(before_day) from zone_folds
                         where account_id = :accountId and zone = :zone))
         + (select coalesce(cast(sum(q.cost_nanos) as signed), 0) from account_quarters q
             where q.account_id = a.id and q.slot >= :monthSlot
               and q.slot >= (select coalesce(max(before_slot), 0) from zone_folds
                               where account_id = :accountId and zone = :zone)) as monthNanos
  from accounts a left join subscriptions s on s.account_id = a.id
 where a.id = :accountId
