-- returns count
-- :staleSeconds number
delete from relays
 where heartbeat_at < current_timestamp(3) - interval :staleSeconds second
   and not exists (select 1 from holds where holds.relay_id = relays.id)
