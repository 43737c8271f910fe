-- returns maybe
-- :id number
select time_zone as timeZone from accounts where id = :id
