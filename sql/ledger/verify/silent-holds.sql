-- Holds that every sweep for five minutes has passed over.
-- returns many
-- :rows number
select concat('call ', lower(hex(h.call_id))) as subject, 'a living relay' as expected,
       concat('silent since ', coalesce(r.heartbeat_at, h.created_at)) as found
  from holds h left join relays r on r.id = h.relay_id
 where coalesce(r.heartbeat_at, h.created_at) < current_timestamp(3) - interval 300 second
 limit :rows
