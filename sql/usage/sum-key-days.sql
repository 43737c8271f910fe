-- What each of these keys cost by the days of a zone that are folded, and of those that are not by slot:
-- from the rollups alone.
-- returns many
-- :accountId number
-- :zone string
-- :from string
-- :to string
-- :fromSlot number
-- :toSlot number
-- :keyIds number[]
(select key_id as keyId, day, null as slot, cast(sum(cost_nanos) as signed) as costNanos
  from usage_zone_days
 where account_id = :accountId and zone = :zone and day >= :from and day <= :to
   and day < (select max(before_day) from zone_folds where account_id = :accountId and zone = :zone)
   and key_id in (:keyIds)
 group by key_id, day
 order by null limit 18446744073709551615)
 union all
(select key_id, null, slot, cast(sum(cost_nanos) as signed)
  from usage_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
   and slot >= (select coalesce(max(before_slot), 0) from zone_folds
                 where account_id = :accountId and zone = :zone)
   and key_id in (:keyIds)
 group by key_id, slot
 order by null limit 18446744073709551615)
