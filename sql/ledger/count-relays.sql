-- Relays that have been heard within so many seconds, by the database's clock.
-- returns one
-- :seconds number
select count(*) as relays from relays
 where heartbeat_at >= current_timestamp(3) - interval :seconds second
