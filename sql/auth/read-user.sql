-- returns maybe
-- :userId number
select name, email, created_at as createdAt, time_zone as zone,
       zone_chosen as zoneChosen
  from users where id = :userId
