-- Whether a relay was heard just now, and for so long without a break.
-- returns one
-- :relayId bytes
-- :breakSeconds number
-- :steadySeconds number
select count(*) as steady from relays
 where id = :relayId and heartbeat_at >= current_timestamp(3) - interval :breakSeconds second
   and steady_since <= current_timestamp(3) - interval :steadySeconds second
