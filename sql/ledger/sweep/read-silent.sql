-- Which of these calls may be given up: their relay is silent, and the one that gives them up has
-- been heard just now, for so long without a break. It is asked within the transaction that does it:
-- since they were found that relay may have woken, and this one may have slept.
-- returns many
-- :relayId bytes
-- :callIds bytes[]
-- :silentSeconds number
-- :breakSeconds number
-- :steadySeconds number
select h.call_id as callId
  from holds h force index (primary) left join relays r on r.id = h.relay_id
 where h.call_id in (:callIds) and h.relay_id <> :relayId
   and greatest(coalesce(r.heartbeat_at, h.created_at), h.created_at)
       <= current_timestamp(3) - interval :silentSeconds second
   and (:steadySeconds = 0 or exists (
         select 1 from relays own
          where own.id = :relayId
            and own.heartbeat_at >= current_timestamp(3) - interval :breakSeconds second
            and own.steady_since <= current_timestamp(3) - interval :steadySeconds second))
