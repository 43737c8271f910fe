-- Something has changed in a slot that is in days already: those from its own on are not believed until
-- they are folded anew. A day without calls has no row; then it is the last one before it that has.
-- returns count
-- :accountId number
-- :slot number
update zone_folds
   set before_day = coalesce((select max(d.day) from account_zone_days d
                               where d.account_id = zone_folds.account_id
                                 and d.zone = zone_folds.zone and d.from_slot <= :slot),
                             '2000-01-01'),
       before_slot = coalesce((select max(d.from_slot) from account_zone_days d
                                where d.account_id = zone_folds.account_id
                                  and d.zone = zone_folds.zone and d.from_slot <= :slot),
                              0)
 where account_id = :accountId and before_slot > :slot
