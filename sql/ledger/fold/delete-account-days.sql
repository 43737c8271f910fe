-- returns count
-- :accountId number
-- :zone string
-- :from string
-- :to string
delete from account_zone_days
 where account_id = :accountId and zone = :zone and day >= :from and day <= :to
