-- The days an account has calls listed for: from its first use, or from where `retain` has cut.
-- returns one
-- :accountId number
select min(day) as firstDay, max(day) as lastDay,
       (select max(before_id) from dropped_calls) as keptFrom
  from usage_days where account_id = :accountId
