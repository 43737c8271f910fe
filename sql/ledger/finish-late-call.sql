-- The sweep had given this call up; its charge has come after all.
-- returns count
-- :id bytes
-- :upstream string?
-- :upstreamRequestId string?
-- :statusCode number
-- :errorCode CallErrorCode?
-- :inputTokens number
-- :cachedTokens number
-- :cacheWriteTokens number
-- :outputTokens number
-- :reasoningTokens number
-- :usageSource UsageSource
-- :usageFlag UsageFlag?
-- :serviceTier string?
-- :costNanos number
-- :planNanos number
-- :balanceNanos number
-- :overrunNanos number
-- :firstByteMs number?
-- :totalMs number?
-- :attempts number
-- :endedAt time
-- :upstreamStatus number?
-- :waivedNanos number
-- :otherModel string?
-- :upstreamCode string?
-- :priceId number
-- :upstreamKey string?
-- :priceFactor number?
-- :accountFactor number?
-- :otherUnits string?
-- :upstreamNanos number?
-- :tries string?
update calls
   set outcome = 'late', upstream = :upstream, upstream_request_id = :upstreamRequestId,
       status_code = :statusCode, error_code = :errorCode, input_tokens = :inputTokens,
       cached_tokens = :cachedTokens, cache_write_tokens = :cacheWriteTokens,
       output_tokens = :outputTokens, reasoning_tokens = :reasoningTokens,
       usage_source = :usageSource, usage_flag = :usageFlag, service_tier = :serviceTier,
       cost_nanos = :costNanos, plan_nanos = :planNanos, balance_nanos = :balanceNanos,
       overrun_nanos = :overrunNanos, first_byte_ms = :firstByteMs, total_ms = :totalMs,
       attempts = :attempts, ended_at = :endedAt, upstream_status = :upstreamStatus,
       waived_nanos = :waivedNanos, other_model = :otherModel, upstream_code = :upstreamCode,
       price_id = :priceId, upstream_key = :upstreamKey, price_factor = :priceFactor,
       account_factor = :accountFactor, other_units = :otherUnits,
       upstream_nanos = :upstreamNanos, tries = :tries
 where id = :id and outcome = 'lost'
