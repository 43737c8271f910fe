-- What an account's calls of some days of a zone cost: of days that are folded, and of the rest.
-- returns one
-- :accountId number
-- :zone string
-- :from string
-- :to string
-- :fromSlot number
-- :toSlot number
select (select coalesce(cast(sum(cost_nanos) as signed), 0) from account_zone_days
         where account_id = :accountId and zone = :zone and day >= :from and day <= :to
           and day < (select max(before_day) from zone_folds where account_id = :accountId and zone = :zone)
           and calls > 0) as foldedNanos,
       (select coalesce(cast(sum(cost_nanos) as signed), 0) from account_quarters
         where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
           and slot >= (select coalesce(max(before_slot), 0) from zone_folds
                         where account_id = :accountId and zone = :zone)
           and calls > 0) as restNanos
