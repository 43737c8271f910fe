-- What an account has held, and what it comes to by its open holds.
-- returns maybe
-- :accountId number
select a.plan_held_nanos as planHeldNanos, a.balance_held_nanos as balanceHeldNanos,
       coalesce(h.plan, 0) as planByHolds, coalesce(h.balance, 0) as balanceByHolds
  from accounts a
  left join (select account_id, cast(sum(plan_nanos) as signed) as plan,
                    cast(sum(balance_nanos) as signed) as balance
               from holds where account_id = :accountId group by account_id) h
    on h.account_id = a.id
 where a.id = :accountId
