-- Every fee, and every credit of a plan, is a period's. Older relays gave credit without noting one,
-- by refs of another form.
-- returns many
-- :rows number
select concat('account ', e.account_id, ' entry ', e.seq) as subject, 'a period' as expected,
       concat(e.kind, ' ', coalesce(e.ref, 'without a ref')) as found
  from entries e
  left join plan_periods given on given.ref = e.ref
  left join plan_periods paid on paid.fee_ref = e.ref
 where (e.kind = 'plan' and e.ref like 'period:%' and given.ref is null)
    or (e.kind = 'fee' and paid.ref is null)
 limit :rows
