-- Every period has its credit in the ledger, and its fee where it cost something, once.
-- returns many
-- :rows number
select concat('period ', p.ref) as subject,
       concat('account ', p.account_id, ', credit ', p.credit_nanos, ', fee ', p.price_nanos
             ) as expected,
       concat(coalesce(concat('account ', c.account_id, ', credit ', c.plan_nanos), 'no credit'),
              coalesce(concat(', fee ', -f.balance_nanos), ', no fee')) as found
  from plan_periods p
  left join entries c on c.ref = p.ref
  left join entries f on f.ref = p.fee_ref
 where c.ref is null or c.account_id <> p.account_id or c.kind <> 'plan'
    or c.plan_nanos <> p.credit_nanos or c.balance_nanos <> 0
    or (p.fee_ref is null and p.price_nanos <> 0)
    or (p.fee_ref is not null
        and (f.ref is null or f.account_id <> p.account_id or f.kind <> 'fee'
             or f.balance_nanos <> -p.price_nanos or f.plan_nanos <> 0))
 limit :rows
