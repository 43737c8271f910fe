-- Every fee, and every credit of a plan, is a period's. Older relays gave credit without noting one,
-- by refs of another form. What came back of a fee is that of a period, too.
-- returns many
-- :rows number
select concat('account ', e.account_id, ' entry ', e.seq) as subject, 'a period' as expected,
       concat(e.kind, ' ', coalesce(e.ref, 'without a ref')) as found
  from entries e
  left join plan_periods given on given.ref = e.ref
  left join plan_periods paid on paid.fee_ref = e.ref
  left join plan_periods back
    on back.ref = if(e.ref like 'back:%', substring(e.ref, 6, char_length(e.ref) - 9), null)
 where (e.kind = 'plan' and e.ref like 'period:%' and given.ref is null)
    or (e.kind = 'fee' and paid.ref is null and back.ref is null)
 limit :rows
