-- What a key has spent in its period, against the charges since the entry before which it began, and
-- what a member has spent in their month, which cannot be less than nothing. Of a period of whose
-- calls some may be dropped nothing can be told.
-- returns many
-- :rows number
select subject, concat('spent ', expected) as expected, concat('spent ', found) as found
  from (select concat('key ', k.id) as subject, k.spent_nanos - k.period_base_nanos as found,
               (select coalesce(cast(sum(c.cost_nanos) as signed), 0)
                  from entries e join calls c on c.id = e.call_id
                 where e.account_id = k.account_id and e.seq > k.period_seq
                   and e.kind = 'charge' and c.key_id = k.id) as expected
          from api_keys k
         where k.period_ends is not null
           and k.period_began >= (select coalesce(max(before_day), '2000-01-01')
                                    from dropped_calls)
         union all
        select concat('member ', m.account_id, ' ', m.user_id),
               coalesce(cast(sum(k.spent_nanos) as signed), 0) - m.period_base_nanos,
               case when coalesce(cast(sum(k.spent_nanos) as signed), 0) < m.period_base_nanos
                    then 0
                    else coalesce(cast(sum(k.spent_nanos) as signed), 0) - m.period_base_nanos end
          from memberships m
          left join api_keys k on k.account_id = m.account_id and k.user_id = m.user_id
         where m.period_ends is not null
         group by m.account_id, m.user_id, m.period_base_nanos) sums
 where expected <> found
 limit :rows
