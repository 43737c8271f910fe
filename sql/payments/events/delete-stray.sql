-- Events about none of our orders, once they are old.
-- returns count
-- :days number
-- :rows number
delete from payment_events
 where order_id is null and received_at < current_timestamp(3) - interval :days day
 limit :rows
