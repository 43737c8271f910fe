-- The numbers of a batch's codes, by digest: whoever makes them prints each beside its code.
-- returns many
-- :batchId number
select id, digest from codes where batch_id = :batchId order by id
