-- What was heard of an order, the newest first.
-- returns many
-- :orderId number
-- :rows number
-- column verdict EventVerdict
select event_id as eventId, kind as eventKind, verdict, times, received_at as receivedAt
  from payment_events
 where order_id = :orderId
 order by id desc limit :rows
