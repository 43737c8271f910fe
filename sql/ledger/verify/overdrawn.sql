-- Nothing is spent that is not there, unless a charge came late.
-- returns many
-- :rows number
select concat('account ', id) as subject, 'available at least 0' as expected,
       concat('available ', plan_nanos - plan_held_nanos + balance_nanos - balance_held_nanos) as found
  from accounts a
 where (plan_nanos - plan_held_nanos + balance_nanos - balance_held_nanos < 0
        or plan_nanos < plan_held_nanos or balance_nanos < balance_held_nanos)
   and not exists (select 1 from calls c where c.account_id = a.id and c.outcome = 'late')
   and not exists (select 1 from dropped_calls d where d.account_id = a.id and d.late > 0)
 limit :rows
