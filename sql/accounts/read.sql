-- returns maybe
-- :id number
-- column status AccountStatus
select a.id, a.name, a.status, a.plan_nanos as planNanos, a.plan_held_nanos as planHeldNanos,
       a.balance_nanos as balanceNanos, a.balance_held_nanos as balanceHeldNanos,
       a.entry_seq as entrySeq, a.created_at as createdAt,
       a.factor, a.own_factor as ownFactor, a.group_name as groupName,
       s.monthly_nanos as monthlyNanos, s.renews_at as renewsAt,
       s.price_nanos as planPriceNanos, s.in_grace as planInGrace, s.canceled_at as planCanceledAt,
       s.ends_at as planEndsAt, p.name as planName, n.name as nextPlanName,
       (select count(*) from api_keys k
         where k.account_id = a.id and k.revoked_at is null) as usableKeys
  from accounts a
  left join subscriptions s on s.account_id = a.id
  left join plans p on p.id = s.plan_id
  left join plans n on n.id = s.next_plan_id
 where a.id = :id
