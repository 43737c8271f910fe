-- By how much the totals of an account are off from those by key, model, status and outcome, by slot.
-- returns many
-- :accountId number
select slot, sum_calls as calls, sum_input as inputTokens, sum_cached as cachedTokens,
       sum_write as cacheWriteTokens, sum_output as outputTokens,
       sum_reasoning as reasoningTokens, sum_cost as costNanos
  from (select slot, cast(sum(calls) as signed) as sum_calls,
               cast(sum(input_tokens) as signed) as sum_input,
               cast(sum(cached_tokens) as signed) as sum_cached,
               cast(sum(cache_write_tokens) as signed) as sum_write,
               cast(sum(output_tokens) as signed) as sum_output,
               cast(sum(reasoning_tokens) as signed) as sum_reasoning,
               cast(sum(cost_nanos) as signed) as sum_cost
          from (select slot, calls, input_tokens, cached_tokens, cache_write_tokens,
                       output_tokens, reasoning_tokens, cost_nanos
                  from usage_quarters where account_id = :accountId
                 union all
                select slot, -calls, -input_tokens, -cached_tokens, -cache_write_tokens,
                       -output_tokens, -reasoning_tokens, -cost_nanos
                  from account_quarters where account_id = :accountId) both_sides
         group by slot) quarters
 where sum_calls <> 0 or sum_input <> 0 or sum_cached <> 0 or sum_write <> 0 or sum_output <> 0
    or sum_reasoning <> 0 or sum_cost <> 0
 order by slot
