-- Every period has its credit in the ledger, and its fee where it cost something, once. Of one that
-- ended because its payment went back, so much of the fee came back as credit of it has expired.
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
union all
select concat('period ', p.ref),
       concat('fee back ', cast(p.price_nanos as decimal(40, 0))
                           * least(p.credit_nanos, coalesce(-x.plan_nanos, 0))
                           div greatest(p.credit_nanos, 1)),
       concat('fee back ', coalesce(b.balance_nanos, 0))
  from plan_periods p
  left join entries x on x.ref = cast(concat('back:', p.ref, ':', 'expire') as char charset ascii)
  left join entries b on b.ref = cast(concat('back:', p.ref, ':', 'fee') as char charset ascii)
 where coalesce(b.balance_nanos, 0)
       <> cast(p.price_nanos as decimal(40, 0)) * least(p.credit_nanos, coalesce(-x.plan_nanos, 0))
          div greatest(p.credit_nanos, 1)
    or (b.ref is not null
        and (b.account_id <> p.account_id or b.kind <> 'fee' or b.plan_nanos <> 0
             or not exists (select 1 from orders o
                             where o.public_id = unhex(substring(b.actor, 7))
                               and o.account_id = p.account_id and o.plan_outcome = 'ended')))
 limit :rows
