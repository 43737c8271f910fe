-- What a key has held and spent, against its open holds and its totals.
-- returns many
-- :rows number
select concat('key ', k.id) as subject,
       concat('held ', coalesce(h.held, 0), ', spent ', coalesce(u.spent, 0)) as expected,
       concat('held ', k.held_nanos, ', spent ', k.spent_nanos) as found
  from api_keys k
  left join (select key_id, cast(sum(plan_nanos + balance_nanos) as signed) as held
               from holds group by key_id) h on h.key_id = k.id
  left join (select key_id, cast(sum(cost_nanos) as signed) as spent
               from usage_quarters group by key_id) u on u.key_id = k.id
 where k.held_nanos <> coalesce(h.held, 0) or k.spent_nanos <> coalesce(u.spent, 0)
 limit :rows
