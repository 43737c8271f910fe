-- Relays with open holds that have given no sign of life for so long, by the database's clock: no
-- beat, and no new hold. Never the one that looks, which knows better what has become of its calls.
-- returns many
-- :relayId bytes
-- :silentSeconds number
select h.relay_id as id,
       cast(greatest(coalesce(max(r.heartbeat_at), max(h.created_at)), max(h.created_at)) as char)
         as lastSign
  from holds h left join relays r on r.id = h.relay_id
 where h.relay_id <> :relayId
 group by h.relay_id
having greatest(coalesce(max(r.heartbeat_at), max(h.created_at)), max(h.created_at))
       <= current_timestamp(3) - interval :silentSeconds second
