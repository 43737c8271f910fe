-- What a browser says of its zone, of somebody who has chosen none.
-- returns count
-- :userId number
-- :zone string
update users set time_zone = :zone where id = :userId and zone_chosen = 0
