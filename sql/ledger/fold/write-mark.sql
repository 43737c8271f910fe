-- returns count
-- :accountId number
-- :zone string
-- :beforeDay string
-- :beforeSlot number
update zone_folds set before_day = :beforeDay, before_slot = :beforeSlot
 where account_id = :accountId and zone = :zone
