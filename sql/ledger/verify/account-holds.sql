-- What an account has held, against its open holds.
-- returns many
-- :rows number
select concat('account ', a.id) as subject,
       concat('plan held ', coalesce(h.plan, 0), ', balance held ', coalesce(h.balance, 0)) as expected,
       concat('plan held ', a.plan_held_nanos, ', balance held ', a.balance_held_nanos) as found
  from accounts a
  left join (select account_id, cast(sum(plan_nanos) as signed) as plan,
                    cast(sum(balance_nanos) as signed) as balance
               from holds group by account_id) h on h.account_id = a.id
 where a.plan_held_nanos <> coalesce(h.plan, 0) or a.balance_held_nanos <> coalesce(h.balance, 0)
 limit :rows
