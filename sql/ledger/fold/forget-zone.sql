-- Nothing that was folded into the days of a zone is believed until it is folded anew.
-- returns count
-- :accountId number
-- :zone string
update zone_folds set before_day = '2000-01-01', before_slot = 0
 where account_id = :accountId and zone = :zone
