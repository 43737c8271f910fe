-- returns count
-- :id number
update code_batches set canceled_at = current_timestamp(3) where id = :id and canceled_at is null
