-- What an account's days of a zone come to, each and, below, all together: no quarter is left out between
-- two days, and none is in both.
-- returns many
-- :rows number
select concat('account ', account_id, ' zone ', zone, ' day ', coalesce(day, 'any')) as subject,
       'equal totals' as expected,
       concat('calls off by ', sum_calls, ', input ', sum_input, ', cached ', sum_cached,
              ', cache write ', sum_write, ', output ', sum_output, ', reasoning ', sum_reasoning,
              ', cost ', sum_cost) as found
  from (select account_id, zone, day,
               cast(sum(calls) as signed) as sum_calls,
               cast(sum(input_tokens) as signed) as sum_input,
               cast(sum(cached_tokens) as signed) as sum_cached,
               cast(sum(cache_write_tokens) as signed) as sum_write,
               cast(sum(output_tokens) as signed) as sum_output,
               cast(sum(reasoning_tokens) as signed) as sum_reasoning,
               cast(sum(cost_nanos) as signed) as sum_cost
          from (select d.account_id, d.zone, d.day,
                       d.calls, d.input_tokens, d.cached_tokens, d.cache_write_tokens,
                       d.output_tokens, d.reasoning_tokens, d.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                 union all
                select d.account_id, d.zone, d.day,
                       -q.calls, -q.input_tokens, -q.cached_tokens, -q.cache_write_tokens,
                       -q.output_tokens, -q.reasoning_tokens, -q.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                  join account_quarters q on q.account_id = d.account_id and q.slot >= d.from_slot
                                         and q.slot < d.to_slot
                 union all
                select d.account_id, d.zone, null,
                       d.calls, d.input_tokens, d.cached_tokens, d.cache_write_tokens,
                       d.output_tokens, d.reasoning_tokens, d.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                 union all
                select f.account_id, f.zone, null,
                       -q.calls, -q.input_tokens, -q.cached_tokens, -q.cache_write_tokens,
                       -q.output_tokens, -q.reasoning_tokens, -q.cost_nanos
                  from zone_folds f
                  join account_quarters q on q.account_id = f.account_id
                                         and q.slot < f.before_slot) both_sides
         group by account_id, zone, day) totals
 where sum_calls <> 0 or sum_input <> 0 or sum_cached <> 0 or sum_write <> 0 or sum_output <> 0
    or sum_reasoning <> 0 or sum_cost <> 0
 limit :rows
