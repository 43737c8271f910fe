-- What a relay has open.
-- returns many
-- :relayId bytes
-- :rows number
select call_id as callId, account_id as accountId, key_id as keyId, model,
       price_id as priceId, streamed, started_at as startedAt
  from holds
 where relay_id = :relayId
 limit :rows
