-- Newest first, before a given id. A filter that is null is folded away before the plan is made.
-- returns many
-- :before bytes
-- :accountId number?
-- :model string?
-- :statusCode number?
-- :outcome Outcome?
-- :rows number
-- column errorCode CallErrorCode
-- column outcome Outcome
-- column usageSource UsageSource
-- column usageFlag UsageFlag
select id, account_id as accountId, key_id as keyId, model, upstream,
       upstream_status as upstreamStatus, upstream_code as upstreamCode, status_code as statusCode,
       error_code as errorCode, outcome, streamed, input_tokens as inputTokens,
       cached_tokens as cachedTokens, cache_write_tokens as cacheWriteTokens,
       output_tokens as outputTokens, reasoning_tokens as reasoningTokens,
       usage_source as usageSource, hold_nanos as holdNanos, cost_nanos as costNanos,
       plan_nanos as planNanos, balance_nanos as balanceNanos, overrun_nanos as overrunNanos,
       waived_nanos as waivedNanos, other_model as otherModel, usage_flag as usageFlag,
       price_id as priceId, first_byte_ms as firstByteMs, total_ms as totalMs, attempts, client,
       started_at as startedAt, ended_at as endedAt
  from calls
 where id < :before
   and (:accountId is null or account_id = :accountId)
   and (:model is null or model = :model)
   and (:statusCode is null or status_code = :statusCode)
   and (:outcome is null or outcome = :outcome)
 order by id desc limit :rows
