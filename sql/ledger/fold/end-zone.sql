-- Nothing is folded into the days of a zone any more. Run under the account's lock.
-- returns count
-- :accountId number
-- :zone string
delete from zone_folds where account_id = :accountId and zone = :zone
