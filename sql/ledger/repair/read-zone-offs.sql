-- Zones in whose days something else was folded than the account's quarters have.
-- returns many
-- :accountId number
select zone, count(*) as places
  from (select zone, day, key_id, model, status_code, outcome,
               cast(sum(calls) as signed) as sum_calls,
               cast(sum(input_tokens) as signed) as sum_input,
               cast(sum(cached_tokens) as signed) as sum_cached,
               cast(sum(cache_write_tokens) as signed) as sum_write,
               cast(sum(output_tokens) as signed) as sum_output,
               cast(sum(reasoning_tokens) as signed) as sum_reasoning,
               cast(sum(cost_nanos) as signed) as sum_cost
          from (select d.zone, d.day, d.key_id, d.model, d.status_code, d.outcome,
                       d.calls, d.input_tokens, d.cached_tokens, d.cache_write_tokens,
                       d.output_tokens, d.reasoning_tokens, d.cost_nanos
                  from zone_folds f
                  join usage_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                        and d.day < f.before_day
                 where f.account_id = :accountId
                 union all
                select d.zone, d.day, q.key_id, q.model, q.status_code, q.outcome,
                       -q.calls, -q.input_tokens, -q.cached_tokens, -q.cache_write_tokens,
                       -q.output_tokens, -q.reasoning_tokens, -q.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                  join usage_quarters q on q.account_id = d.account_id and q.slot >= d.from_slot
                                       and q.slot < d.to_slot
                 where f.account_id = :accountId
                 union all
                select d.zone, null, null, null, null, null,
                       d.calls, d.input_tokens, d.cached_tokens, d.cache_write_tokens,
                       d.output_tokens, d.reasoning_tokens, d.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                 where f.account_id = :accountId
                 union all
                select f.zone, null, null, null, null, null,
                       -q.calls, -q.input_tokens, -q.cached_tokens, -q.cache_write_tokens,
                       -q.output_tokens, -q.reasoning_tokens, -q.cost_nanos
                  from zone_folds f
                  join usage_quarters q on q.account_id = f.account_id
                                       and q.slot < f.before_slot
                 where f.account_id = :accountId
                 union all
                select d.zone, d.day, 0, '', 0, '',
                       d.calls, d.input_tokens, d.cached_tokens, d.cache_write_tokens,
                       d.output_tokens, d.reasoning_tokens, d.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                 where f.account_id = :accountId
                 union all
                select d.zone, d.day, 0, '', 0, '',
                       -d.calls, -d.input_tokens, -d.cached_tokens, -d.cache_write_tokens,
                       -d.output_tokens, -d.reasoning_tokens, -d.cost_nanos
                  from zone_folds f
                  join usage_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                        and d.day < f.before_day
                 where f.account_id = :accountId) both_sides
         group by zone, day, key_id, model, status_code, outcome) places
 where sum_calls <> 0 or sum_input <> 0 or sum_cached <> 0 or sum_write <> 0 or sum_output <> 0
    or sum_reasoning <> 0 or sum_cost <> 0
 group by zone
 order by zone
