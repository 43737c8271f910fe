-- What `retain` has noted of an account's dropped calls, and what the totals of those days say.
-- returns one
-- :accountId number
select (select coalesce(cast(sum(calls) as signed), 0) from dropped_calls
         where account_id = :accountId) as calls,
       (select coalesce(cast(sum(cost_nanos) as signed), 0) from dropped_calls
         where account_id = :accountId) as costNanos,
       (select coalesce(cast(sum(calls) as signed), 0) from usage_quarters
         where account_id = :accountId
           and slot < (select coalesce(timestampdiff(day, '1970-01-01', max(before_day)) * 96, 0)
                         from dropped_calls)
       ) as callsByTotals,
       (select coalesce(cast(sum(cost_nanos) as signed), 0) from usage_quarters
         where account_id = :accountId
           and slot < (select coalesce(timestampdiff(day, '1970-01-01', max(before_day)) * 96, 0)
                         from dropped_calls)
       ) as costByTotals
