-- The totals of a day, to be made anew from its calls: never of one whose calls may be gone.
-- returns count
-- :accountId number
-- :day string
delete from usage_days
 where account_id = :accountId and day = :day
   and day >= (select coalesce(max(before_day), '2000-01-01') from dropped_calls)
