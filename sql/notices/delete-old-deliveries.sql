-- returns count
-- :days number
-- :rows number
delete from notice_deliveries
 where state in ('sent', 'given up') and next_try_at < current_timestamp(3) - interval :days day
 limit :rows
