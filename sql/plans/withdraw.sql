-- returns count
-- :id number
update plans set sold_as = null, withdrawn_at = current_timestamp(3)
 where id = :id and sold_as is not null
