-- What has been folded into the days of zones, against the quarters that those days have.
-- returns many
-- :rows number
select concat('account ', account_id, ' zone ', zone, ' day ', day, ' key ', key_id, ' model ', model,
              ' status ', status_code, ' ', outcome) as subject,
       'equal totals' as expected,
       concat('calls off by ', sum_calls, ', input ', sum_input, ', cached ', sum_cached,
              ', cache write ', sum_write, ', output ', sum_output, ', reasoning ', sum_reasoning,
              ', cost ', sum_cost) as found
  from (select account_id, zone, day, key_id, model, status_code, outcome,
               cast(sum(calls) as signed) as sum_calls,
               cast(sum(input_tokens) as signed) as sum_input,
               cast(sum(cached_tokens) as signed) as sum_cached,
               cast(sum(cache_write_tokens) as signed) as sum_write,
               cast(sum(output_tokens) as signed) as sum_output,
               cast(sum(reasoning_tokens) as signed) as sum_reasoning,
               cast(sum(cost_nanos) as signed) as sum_cost
          from (select d.account_id, d.zone, d.day, d.key_id, d.model, d.status_code, d.outcome,
                       d.calls, d.input_tokens, d.cached_tokens, d.cache_write_tokens,
                       d.output_tokens, d.reasoning_tokens, d.cost_nanos
                  from zone_folds f
                  join usage_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                        and d.day < f.before_day
                 union all
                select d.account_id, d.zone, d.day, q.key_id, q.model, q.status_code, q.outcome,
                       -q.calls, -q.input_tokens, -q.cached_tokens, -q.cache_write_tokens,
                       -q.output_tokens, -q.reasoning_tokens, -q.cost_nanos
                  from zone_folds f
                  join account_zone_days d on d.account_id = f.account_id and d.zone = f.zone
                                          and d.day < f.before_day
                  join usage_quarters q on q.account_id = d.account_id and q.slot >= d.from_slot
                                       and q.slot < d.to_slot) both_sides
         group by account_id, zone, day, key_id, model, status_code, outcome) totals
 where sum_calls <> 0 or sum_input <> 0 or sum_cached <> 0 or sum_write <> 0 or sum_output <> 0
    or sum_reasoning <> 0 or sum_cost <> 0
 limit :rows
