-- Whoever changes a row asks the provider, and nobody else for so many seconds.
-- returns count
-- :id number
-- :seconds number
update orders set asked_at = current_timestamp(3)
 where id = :id
   and (asked_at is null or asked_at <= current_timestamp(3) - interval :seconds second)
