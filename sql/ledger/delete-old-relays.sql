-- By the primary key, as a beat finds its row: found by their heartbeats, rows would be locked in that
-- index first, where a beat that has its row already waits for them, and the two would deadlock.
-- returns count
-- :staleSeconds number
delete relays
  from relays force index (primary)
 where heartbeat_at < current_timestamp(3) - interval :staleSeconds second
   and not exists (select 1 from holds where holds.relay_id = relays.id)
