-- The first day of a zone that is still there.
-- returns one
-- :accountId number
-- :zone string
select cast(min(day) as char) as day from account_zone_days where account_id = :accountId and zone = :zone
