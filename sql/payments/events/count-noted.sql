-- What was told of an order and changed nothing: of one that is not paid, that its money goes back.
-- returns one
-- :orderId number
select count(*) as events from payment_events where order_id = :orderId and verdict = 'noted'
