-- Every order that was paid has the entry of its credit, once, and no other order has one; and what
-- an entry says an order has paid was paid. What came in for one otherwise than it was asked for
-- waits for a person, was closed, or is what the order is paid with. A plan that an order says it
-- has begun has its credit, named by where that of the order stands, and what an order has begun is
-- its own plan.
-- returns many
-- :rows number
select concat('order ', lower(hex(o.public_id))) as subject,
       if(o.paid_at is null, 'no entry',
          concat('account ', o.account_id, ', credit ', o.credit_nanos)) as expected,
       coalesce(concat('account ', e.account_id, ', ', e.kind, ' ', e.balance_nanos, ', plan ',
                       e.plan_nanos), 'no entry') as found
  from orders o
  left join entries e on e.ref = cast(concat('order:', lower(hex(o.public_id))) as char charset ascii)
 where (o.paid_at is null and (e.seq is not null or o.state in ('paid', 'refunded', 'disputed')))
    or (o.paid_at is not null
        and (e.seq is null or e.account_id <> o.account_id or e.kind <> 'topup' or e.plan_nanos <> 0
             or e.balance_nanos <> o.credit_nanos
             or o.state not in ('paid', 'refunded', 'disputed')))
union all
select concat('order ', lower(hex(o.public_id))),
       if(o.came_at is null, 'nothing came in',
          concat('came in ', coalesce(o.came_minor, 'unread'))),
       concat(o.state, ', ', o.amount_minor)
  from orders o
 where (o.came_at is null and o.state in ('unclear', 'closed'))
    or (o.came_at is not null and o.paid_at is null and o.state not in ('unclear', 'closed'))
    or (o.came_at is not null and o.paid_at is not null
        and (o.came_minor is null or o.came_minor <> o.amount_minor))
union all
select concat('account ', e.account_id, ' entry ', e.seq), 'an order', e.ref
  from entries e
 where e.ref like 'order:%'
   and not exists (select 1 from orders o where o.public_id = unhex(substring(e.ref, 7)))
union all
select concat('order ', lower(hex(o.public_id))), 'the credit of its plan', 'no entry'
  from orders o
  left join entries t on t.ref = cast(concat('order:', lower(hex(o.public_id))) as char charset ascii)
 where o.plan_outcome in ('subscribed', 'ended', 'canceled', 'over')
   and not exists (select 1 from entries e
                    where e.ref = cast(concat_ws(':', 'period', t.account_id, 'begin', t.seq)
                                       as char charset ascii)
                      and e.kind = 'plan'
                      and e.actor = concat('order:', lower(hex(o.public_id))))
union all
select concat('period ', p.ref), 'an order that has begun it', e.actor
  from plan_periods p join entries e on e.ref = p.ref
 where e.actor like 'order:%'
   and not exists (select 1 from orders o
                    where o.public_id = unhex(substring(e.actor, 7))
                      and o.plan_outcome in ('subscribed', 'ended', 'canceled', 'over')
                      and o.account_id = p.account_id and o.plan_id = p.plan_id)
 limit :rows
