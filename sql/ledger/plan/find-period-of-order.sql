-- The period that an order has begun, by the entry of its credit, which is right behind that of the
-- order; and whether the account has begun another subscription since.
-- returns maybe
-- :orderRef string
select p.ref, p.plan_id as planId, p.credit_nanos as creditNanos, p.price_nanos as priceNanos,
       p.ends_at as endsAt,
       exists (select 1 from plan_periods later
                where later.account_id = p.account_id and later.began_at >= p.began_at
                  and later.ref <> p.ref
                  and (later.ref like '%_begin_%' or later.ref like '%_set_%')) as isBegunAnew
  from entries t
  join entries e on e.account_id = t.account_id and e.seq > t.seq and e.seq <= t.seq + 3
                and e.kind = 'plan' and e.actor = t.ref
  join plan_periods p on p.ref = e.ref
 where t.ref = :orderRef
