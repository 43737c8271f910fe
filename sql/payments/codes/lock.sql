-- The code's row, locked behind its account's: always in this order.
-- returns maybe
-- :id number
select id, batch_id as batchId, uses_left as usesLeft, canceled_at as canceledAt
  from codes where id = :id for update
