-- returns count
-- :calls (id bytes, accountId number, keyId number, model string, priceId number,
--   upstream string?, upstreamRequestId string?, statusCode number, errorCode CallErrorCode?,
--   outcome Outcome, streamed number, inputTokens number, cachedTokens number,
--   cacheWriteTokens number, outputTokens number, reasoningTokens number,
--   outputTokensMax number, usageSource UsageSource, usageFlag UsageFlag?, serviceTier string?,
--   holdNanos number, costNanos number, planNanos number, balanceNanos number,
--   overrunNanos number, firstByteMs number?, totalMs number?, attempts number,
--   clientRetry number, client string?, startedAt time, endedAt time,
--   upstreamStatus number?, waivedNanos number, otherModel string?, upstreamCode string?,
--   upstreamKey string?, priceFactor number?, accountFactor number?, otherUnits string?,
--   upstreamNanos number?, tries string?, neededNanos number?, leftNanos number?)[]
insert into calls (id, account_id, key_id, model, price_id, upstream, upstream_request_id,
                   status_code, error_code, outcome, streamed, input_tokens, cached_tokens,
                   cache_write_tokens, output_tokens, reasoning_tokens, output_tokens_max,
                   usage_source, usage_flag, service_tier, hold_nanos, cost_nanos, plan_nanos,
                   balance_nanos, overrun_nanos, first_byte_ms, total_ms, attempts, client_retry,
                   client, started_at, ended_at, upstream_status, waived_nanos, other_model,
                   upstream_code, upstream_key, price_factor, account_factor, other_units,
                   upstream_nanos, tries, needed_nanos, left_nanos)
values :calls
