-- Balances and the entry count, against the sum of the ledger's entries.
-- returns many
-- :rows number
select concat('account ', a.id) as subject,
       concat('plan ', coalesce(e.plan, 0), ', balance ', coalesce(e.balance, 0),
              ', entries ', coalesce(e.entries, 0)) as expected,
       concat('plan ', a.plan_nanos, ', balance ', a.balance_nanos,
              ', entries ', a.entry_seq) as found
  from accounts a
  left join (select account_id, cast(sum(plan_nanos) as signed) as plan,
                    cast(sum(balance_nanos) as signed) as balance, count(*) as entries
               from entries group by account_id) e on e.account_id = a.id
 where a.plan_nanos <> coalesce(e.plan, 0) or a.balance_nanos <> coalesce(e.balance, 0)
    or a.entry_seq <> coalesce(e.entries, 0)
 limit :rows
