-- By how much the totals by key, model, status and outcome are off from an account's calls, by UTC day
-- (counted from the first of 1970) and key, as far as calls are kept. What cancels out within a day is
-- off all the same.
-- returns many
-- :accountId number
select day, key_id as keyId, count(*) as places, cast(sum(off_calls) as signed) as calls,
       cast(sum(off_input) as signed) as inputTokens,
       cast(sum(off_cached) as signed) as cachedTokens,
       cast(sum(off_write) as signed) as cacheWriteTokens,
       cast(sum(off_output) as signed) as outputTokens,
       cast(sum(off_reasoning) as signed) as reasoningTokens,
       cast(sum(off_cost) as signed) as costNanos
  from (select cast(floor(slot / 96) as signed) as day, slot, key_id, model, status_code, outcome,
               cast(sum(calls) as signed) as off_calls,
               cast(sum(input_tokens) as signed) as off_input,
               cast(sum(cached_tokens) as signed) as off_cached,
               cast(sum(cache_write_tokens) as signed) as off_write,
               cast(sum(output_tokens) as signed) as off_output,
               cast(sum(reasoning_tokens) as signed) as off_reasoning,
               cast(sum(cost_nanos) as signed) as off_cost
          from (select floor(timestampdiff(second, '1970-01-01', started_at) / 900) as slot,
                       key_id, model, status_code, outcome,
                       count(*) as calls, cast(sum(input_tokens) as signed) as input_tokens,
                       cast(sum(cached_tokens) as signed) as cached_tokens,
                       cast(sum(cache_write_tokens) as signed) as cache_write_tokens,
                       cast(sum(output_tokens) as signed) as output_tokens,
                       cast(sum(reasoning_tokens) as signed) as reasoning_tokens,
                       cast(sum(cost_nanos) as signed) as cost_nanos
                  from calls
                 where account_id = :accountId
                   and id >= (select coalesce(max(before_id), x'00') from dropped_calls)
                 group by floor(timestampdiff(second, '1970-01-01', started_at) / 900),
                          key_id, model, status_code, outcome
                 union all
                select slot, key_id, model, status_code, outcome,
                       -calls, -input_tokens, -cached_tokens, -cache_write_tokens,
                       -output_tokens, -reasoning_tokens, -cost_nanos
                  from usage_quarters
                 where account_id = :accountId
                   and slot >= (select coalesce(timestampdiff(day, '1970-01-01', max(before_day)) * 96,
                                                0) from dropped_calls)
               ) both_sides
         group by slot, key_id, model, status_code, outcome) places
 where off_calls <> 0 or off_input <> 0 or off_cached <> 0 or off_write <> 0 or off_output <> 0
    or off_reasoning <> 0 or off_cost <> 0
 group by day, key_id
 order by day, key_id
