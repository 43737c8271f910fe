-- returns count
-- :batchId number
-- :id number
update codes set canceled_at = current_timestamp(3)
 where id = :id and batch_id = :batchId and canceled_at is null
