-- returns many
-- :callIds bytes[]
select call_id as callId, account_id as accountId, key_id as keyId,
       plan_nanos as planNanos, balance_nanos as balanceNanos, relay_id as relayId,
       model, price_id as priceId, output_tokens_max as outputTokensMax, streamed,
       started_at as startedAt
  from holds force index (primary)
 where call_id in (:callIds)
