-- A key, and the money behind it, as they stand: for answers that start no call. Of a budget whose
-- period is over all is left.
-- returns maybe
-- :id number
-- column period Period
select k.id as keyId, k.account_id as accountId, k.disabled_at is not null as disabled,
       k.models as models, g.models as groupModels, k.addresses as addresses,
       k.secret_no as secretNo, coalesce(k.old_until > current_timestamp(3), 0) as isOldGood,
       k.budget_nanos as budgetNanos, k.spent_nanos as spentNanos, k.held_nanos as heldNanos,
       k.period, k.period_budget_nanos as periodBudgetNanos, k.period_began as periodBegan,
       case when k.period_ends > current_timestamp(3) then k.period_ends end as periodEnds,
       case when k.period_ends > current_timestamp(3) then k.period_base_nanos
            else k.spent_nanos end as periodBaseNanos,
       k.user_id as userId, m.cap_nanos as capNanos,
       case when m.period_ends > current_timestamp(3) then m.period_ends end as capEnds,
       case when m.period_ends > current_timestamp(3) then m.period_base_nanos end as capBaseNanos,
       case when m.cap_nanos is not null
            then (select cast(sum(o.spent_nanos) as signed) from api_keys o
                   where o.account_id = k.account_id and o.user_id = k.user_id)
            end as memberSpentNanos,
       case when m.cap_nanos is not null
            then (select cast(sum(o.held_nanos) as signed) from api_keys o
                   where o.account_id = k.account_id and o.user_id = k.user_id)
            end as memberHeldNanos,
       a.balance_nanos - a.balance_held_nanos
         + if(a.balance_nanos < a.balance_held_nanos, 0, a.plan_nanos - a.plan_held_nanos)
         as availableNanos
  from api_keys k
  join accounts a on a.id = k.account_id
  left join account_groups g force index (primary) on g.name = a.group_name
  left join memberships m force index (primary)
    on m.account_id = k.account_id and m.user_id = k.user_id and m.cap_nanos is not null
 where k.id = :id and k.revoked_at is null and a.status = 'active'
   and (k.expires_at is null or k.expires_at > current_timestamp(3))
