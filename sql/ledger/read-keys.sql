-- The keys as they are now: whoever changes one holds its account's lock, which we hold. So it is with
-- the models of the account's group, and with the cap of the member whose key it is; what all keys of
-- that member have spent and hold is summed up where there is a cap.
-- returns many
-- :ids number[]
-- column period Period
select k.id, k.account_id as accountId,
       k.revoked_at is not null as revoked, k.disabled_at is not null as disabled,
       coalesce(k.expires_at <= current_timestamp(3), 0) as expired,
       k.budget_nanos as budgetNanos, k.spent_nanos as spentNanos, k.held_nanos as heldNanos,
       k.period, k.period_budget_nanos as periodBudgetNanos, k.period_began as periodBegan,
       k.period_ends as periodEnds,
       k.period_base_nanos as periodBaseNanos, a.time_zone as timeZone,
       k.models, g.models as groupModels, k.addresses, k.secret_no as secretNo,
       coalesce(k.old_until > current_timestamp(3), 0) as isOldGood,
       m.user_id as userId, m.cap_nanos as capNanos, m.period_ends as capEnds,
       m.period_base_nanos as capBaseNanos,
       case when m.cap_nanos is not null
            then (select cast(sum(o.spent_nanos) as signed) from api_keys o force index (api_keys_user)
                   where o.account_id = k.account_id and o.user_id = k.user_id)
            end as memberSpentNanos,
       case when m.cap_nanos is not null
            then (select cast(sum(o.held_nanos) as signed) from api_keys o force index (api_keys_user)
                   where o.account_id = k.account_id and o.user_id = k.user_id)
            end as memberHeldNanos
  from api_keys k force index (primary)
  join accounts a force index (primary) on a.id = k.account_id
  left join account_groups g force index (primary) on g.name = a.group_name
  left join memberships m force index (primary)
    on m.account_id = k.account_id and m.user_id = k.user_id and m.cap_nanos is not null
 where k.id in (:ids)
