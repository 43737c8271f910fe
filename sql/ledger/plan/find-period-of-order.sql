-- The period that an order has begun, which is named by where the entry of the order's credit stands;
-- and whether the account has begun another subscription since, which a renewal is not.
-- returns maybe
-- :orderRef string
select p.ref, p.plan_id as planId, p.credit_nanos as creditNanos, p.price_nanos as priceNanos,
       p.ends_at as endsAt,
       exists (select 1
                 from plan_periods later join entries c on c.ref = later.ref
                where later.account_id = p.account_id and c.seq > e.seq
                  and substring_index(substring_index(later.ref, ':', 3), ':', -1)
                      in ('begin', 'set')) as isBegunAnew
  from entries t
  join plan_periods p
    on p.ref = cast(concat_ws(':', 'period', t.account_id, 'begin', t.seq) as char charset ascii)
  join entries e on e.ref = p.ref and e.actor = t.ref
 where t.ref = :orderRef
