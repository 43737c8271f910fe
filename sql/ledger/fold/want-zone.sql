-- Has an account's quarters folded into the days of a zone from now on, unless that is so already, or
-- it has so many zones.
-- returns count
-- :accountId number
-- :zone string
-- :most number
insert ignore into zone_folds (account_id, zone)
select a.id, :zone from accounts a
 where a.id = :accountId
   and (select count(*) from zone_folds f where f.account_id = a.id) < :most
