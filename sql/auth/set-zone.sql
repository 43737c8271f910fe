-- Null: that of their browser, whatever it is.
-- returns count
-- :userId number
-- :zone string?
-- :isChosen number
update users set time_zone = :zone, zone_chosen = :isChosen where id = :userId
