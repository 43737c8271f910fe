-- Nothing is spent that is not there, but for what came late: a charge whose hold a sweep had freed
-- is taken from the balance, whatever it holds, and never from more plan credit than is there. That
-- excuses what is missing only until the balance pays for a call again: it was let in because there
-- was enough, no longer before its charge than a hold may stand. What `retain` has dropped counts as
-- long as a late charge may have come a month after its call. The same excuses what a refund or a
-- dispute has taken: it goes back whatever was spent of it.
-- returns many
-- :holdSeconds number
-- :rows number
select concat('account ', account_id) as subject,
       concat('plan available at least 0, balance available at least ', -late_nanos) as expected,
       concat('plan available ', plan_free, ', balance available ', balance_free) as found
  from (select account_id, plan_free, balance_free,
               coalesce((select cast(sum(c.balance_nanos) as signed)
                           from calls c
                           join entries e on e.call_id = c.id and e.account_id = c.account_id
                          where c.account_id = short.account_id and c.outcome = 'late'
                            and e.created_at >= coalesce(paid_at, '2000-01-01')
                                                - interval :holdSeconds second), 0)
             + coalesce((select cast(sum(coalesce(d.late_nanos, if(d.late > 0, d.cost_nanos, 0)))
                                     as signed)
                           from dropped_calls d
                          where d.account_id = short.account_id
                            and d.before_day >= coalesce(paid_at, '2000-01-01')
                                                - interval 31 day), 0)
             - coalesce((select cast(sum(e.balance_nanos) as signed)
                           from entries e
                          where e.account_id = short.account_id
                            and e.kind in ('refund', 'dispute') and e.balance_nanos < 0
                            and e.created_at >= coalesce(paid_at, '2000-01-01')
                                                - interval :holdSeconds second), 0) as late_nanos
          from (select a.id as account_id, a.plan_nanos - a.plan_held_nanos as plan_free,
                       a.balance_nanos - a.balance_held_nanos as balance_free,
                       (select e.created_at
                          from entries e join calls c on c.id = e.call_id
                         where e.account_id = a.id and e.kind = 'charge' and e.balance_nanos < 0
                           and c.outcome <> 'late'
                         order by e.seq desc limit 1) as paid_at
                  from accounts a
                 where a.plan_nanos < a.plan_held_nanos
                    or a.balance_nanos < a.balance_held_nanos) short) judged
 where plan_free < 0 or balance_free < -late_nanos
 limit :rows
