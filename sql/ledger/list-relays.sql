-- Relays that have been heard within so many seconds, by the database's clock, and where they run.
-- returns many
-- :seconds number
select id, host, pid from relays
 where heartbeat_at >= current_timestamp(3) - interval :seconds second
 order by started_at, id
