-- What the keys of an account have spent and hold, and what it comes to by their totals and holds; and
-- what a key has spent in its period, by the charges since it began, where all their calls are kept.
-- returns many
-- :accountId number
select k.id, k.spent_nanos as spentNanos, k.held_nanos as heldNanos,
       k.period_base_nanos as baseNanos,
       case when k.period_ends is not null
                 and k.period_began >= (select coalesce(max(before_day), '2000-01-01')
                                          from dropped_calls)
            then (select coalesce(cast(sum(c.cost_nanos) as signed), 0)
                    from entries e join calls c on c.id = e.call_id
                   where e.account_id = k.account_id and e.seq > k.period_seq
                     and e.kind = 'charge' and c.key_id = k.id)
            end as spentSince,
       coalesce(u.spent, 0) as spentByTotals, coalesce(h.held, 0) as heldByHolds
  from api_keys k
  left join (select key_id, cast(sum(cost_nanos) as signed) as spent
               from usage_quarters where account_id = :accountId group by key_id) u on u.key_id = k.id
  left join (select key_id, cast(sum(plan_nanos + balance_nanos) as signed) as held
               from holds where account_id = :accountId group by key_id) h on h.key_id = k.id
 where k.account_id = :accountId
 order by k.id
