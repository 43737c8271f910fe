-- What `retain` has noted of an account's dropped calls, and what the totals of those days say.
-- returns one
-- :accountId number
select (select coalesce(cast(sum(calls) as signed), 0) from dropped_calls
         where account_id = :accountId) as calls,
       (select coalesce(cast(sum(cost_nanos) as signed), 0) from dropped_calls
         where account_id = :accountId) as costNanos,
       (select coalesce(cast(sum(calls) as signed), 0) from usage_days
         where account_id = :accountId
           and day < (select coalesce(max(before_day), '2000-01-01') from dropped_calls)
       ) as callsByDays,
       (select coalesce(cast(sum(cost_nanos) as signed), 0) from usage_days
         where account_id = :accountId
           and day < (select coalesce(max(before_day), '2000-01-01') from dropped_calls)
       ) as costByDays
