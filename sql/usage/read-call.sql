-- Everything about one call, for its receipt.
-- returns maybe
-- :accountId number
-- :id bytes
-- column errorCode CallErrorCode
-- column outcome Outcome
-- column usageSource UsageSource
-- column usageFlag UsageFlag
select c.id, c.account_id as accountId, c.key_id as keyId, k.name as keyName, k.prefix as keyPrefix,
       k.last_four as keyLastFour, k.user_id as keyUserId, c.model, c.upstream,
       c.upstream_request_id as upstreamRequestId, c.upstream_status as upstreamStatus,
       c.upstream_code as upstreamCode, c.upstream_key as upstreamKey,
       c.upstream_nanos as upstreamNanos, c.tries,
       c.status_code as statusCode,
       c.error_code as errorCode, c.outcome, c.streamed, c.input_tokens as inputTokens,
       c.cached_tokens as cachedTokens, c.cache_write_tokens as cacheWriteTokens,
       c.output_tokens as outputTokens, c.reasoning_tokens as reasoningTokens,
       c.output_tokens_max as outputTokensMax, c.usage_source as usageSource,
       c.usage_flag as usageFlag, c.service_tier as serviceTier, c.other_units as otherUnits,
       c.price_factor as priceFactor, c.account_factor as accountFactor,
       c.hold_nanos as holdNanos,
       c.cost_nanos as costNanos, c.plan_nanos as planNanos, c.balance_nanos as balanceNanos,
       c.needed_nanos as neededNanos, c.left_nanos as leftNanos, c.overrun_nanos as overrunNanos, c.waived_nanos as waivedNanos,
       c.other_model as otherModel, c.first_byte_ms as firstByteMs, c.total_ms as totalMs,
       c.attempts, c.client_retry as clientRetry, c.client, c.started_at as startedAt,
       c.ended_at as endedAt, c.price_id as priceId,
       coalesce(p.effective_from, u.effective_from) as priceFrom, coalesce(p.terms, u.terms) as terms
  from calls c
  left join api_keys k on k.id = c.key_id
  left join prices p on p.id = c.price_id
  left join cost_prices u on u.id = c.price_id
 where c.id = :id and c.account_id = :accountId
