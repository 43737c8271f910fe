-- The totals of a UTC day's quarters, to be made anew from its calls: never of one whose calls may be
-- gone.
-- returns count
-- :accountId number
-- :fromSlot number
-- :toSlot number
delete from usage_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
   and slot >= (select coalesce(timestampdiff(day, '1970-01-01', max(before_day)) * 96, 0)
                  from dropped_calls)
