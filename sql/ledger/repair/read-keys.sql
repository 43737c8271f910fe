-- What the keys of an account have spent and hold, and what it comes to by their days and holds.
-- returns many
-- :accountId number
select k.id, k.spent_nanos as spentNanos, k.held_nanos as heldNanos,
       coalesce(u.spent, 0) as spentByDays, coalesce(h.held, 0) as heldByHolds
  from api_keys k
  left join (select key_id, cast(sum(cost_nanos) as signed) as spent
               from usage_days where account_id = :accountId group by key_id) u on u.key_id = k.id
  left join (select key_id, cast(sum(plan_nanos + balance_nanos) as signed) as held
               from holds where account_id = :accountId group by key_id) h on h.key_id = k.id
 where k.account_id = :accountId
 order by k.id
