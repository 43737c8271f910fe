-- What refunds and disputes have taken of an order's credit is what their entries say, no more than
-- the credit, and what the order itself says: its share by all of the amount that has gone back and
-- stands. And no entry is about one that is not there.
-- returns many
-- :rows number
select concat('order ', lower(hex(o.public_id))) as subject,
       concat('taken ', coalesce(r.nanos, 0), ' of ', o.credit_nanos, ' by entries ',
              coalesce(-r.booked, 0), ', for ', coalesce(r.minor, 0), ' of ', o.amount_minor
             ) as expected,
       concat('taken ', o.taken_nanos, ', for ', o.reversed_minor) as found
  from orders o
  left join (select r.order_id, cast(sum(r.nanos) as signed) as nanos,
                    cast(sum(if(r.state in ('asked', 'done', 'opened', 'lost'), r.amount_minor, 0))
                         as signed) as minor,
                    cast(sum(coalesce(t.balance_nanos, 0) + coalesce(g.balance_nanos, 0)) as signed)
                    as booked,
                    max(if(t.kind <> r.kind or t.account_id <> owner.account_id
                           or g.kind <> r.kind or g.account_id <> owner.account_id, 1, 0)) as odd
               from order_reversals r
               join orders owner on owner.id = r.order_id
               left join entries t
                 on t.ref = cast(concat(r.kind, ':', r.id) as char charset ascii)
               left join entries g
                 on g.ref = cast(concat(r.kind, ':', r.id, '/back') as char charset ascii)
              group by r.order_id) r on r.order_id = o.id
 where o.taken_nanos <> coalesce(r.nanos, 0) or coalesce(r.nanos, 0) <> -coalesce(r.booked, 0)
    or o.taken_nanos > o.credit_nanos or o.taken_nanos < 0 or r.odd = 1
    or o.reversed_minor <> coalesce(r.minor, 0)
    or o.taken_nanos <> cast(o.credit_nanos as decimal(40, 0))
                        * least(o.reversed_minor, o.amount_minor) div o.amount_minor
union all
select concat('account ', e.account_id, ' entry ', e.seq), 'a refund or dispute', e.ref
  from entries e
  left join order_reversals r
    on r.id = cast(substring(e.ref, locate(':', e.ref) + 1) as signed) and r.kind = e.kind
 where e.kind in ('refund', 'dispute') and r.id is null
 limit :rows
