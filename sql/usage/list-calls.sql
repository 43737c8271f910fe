-- Calls by their ids, in no order. The key's name is shown beside it, and outlives its revocation.
-- Keys by index too: while they are few, MySQL would read all of them, of all accounts.
-- returns many
-- :accountId number
-- :ids bytes[]
-- column errorCode CallErrorCode
-- column outcome Outcome
-- column usageSource UsageSource
select c.id, c.key_id as keyId, k.name as keyName, c.model, c.upstream,
       c.status_code as statusCode, c.error_code as errorCode, c.outcome, c.streamed,
       c.input_tokens as inputTokens, c.cached_tokens as cachedTokens,
       c.cache_write_tokens as cacheWriteTokens, c.output_tokens as outputTokens,
       c.reasoning_tokens as reasoningTokens, c.other_units as otherUnits,
       c.usage_source as usageSource,
       c.cost_nanos as costNanos, c.plan_nanos as planNanos, c.balance_nanos as balanceNanos,
       c.first_byte_ms as firstByteMs, c.total_ms as totalMs, c.attempts, c.client,
       c.started_at as startedAt, c.ended_at as endedAt
  from calls c force index (primary)
  left join api_keys k force index (primary) on k.id = c.key_id
 where c.account_id = :accountId and c.id in (:ids)
