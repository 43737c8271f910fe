-- returns count
-- :id number
update codes set uses_left = uses_left - 1 where id = :id and uses_left > 0
