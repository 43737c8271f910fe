-- returns count
-- :quarters (accountId number, slot number, calls number, inputTokens number, cachedTokens number,
--   cacheWriteTokens number, outputTokens number, reasoningTokens number, costNanos number)[]
insert into account_quarters (account_id, slot, calls, input_tokens, cached_tokens,
                              cache_write_tokens, output_tokens, reasoning_tokens, cost_nanos)
values :quarters
    on duplicate key update
       calls = calls + values(calls),
       input_tokens = input_tokens + values(input_tokens),
       cached_tokens = cached_tokens + values(cached_tokens),
       cache_write_tokens = cache_write_tokens + values(cache_write_tokens),
       output_tokens = output_tokens + values(output_tokens),
       reasoning_tokens = reasoning_tokens + values(reasoning_tokens),
       cost_nanos = cost_nanos + values(cost_nanos)
