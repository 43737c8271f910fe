-- Holds of relays that are silent or unknown, by the database's clock; never those of the one that
-- looks, which knows better what has become of them.
-- returns many
-- :relayId bytes
-- :staleSeconds number
-- :rows number
select h.call_id as callId, h.account_id as accountId, h.key_id as keyId, h.model as model,
       h.price_id as priceId, h.streamed as streamed, h.started_at as startedAt
  from holds h
  left join relays r on r.id = h.relay_id
 where h.relay_id <> :relayId
   and ((r.id is null and h.created_at < current_timestamp(3) - interval :staleSeconds second)
        or r.heartbeat_at < current_timestamp(3) - interval :staleSeconds second)
 limit :rows
