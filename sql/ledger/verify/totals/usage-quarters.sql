-- The totals by quarters of an hour, against the calls they are made of, both ways round, as far as
-- calls are kept. Of a slot its UTC day is said, and which quarter of that it is.
-- returns many
-- :rows number
select concat('account ', account_id, ' day ', date_add('1970-01-01', interval floor(slot / 96) day),
              ' slot ', slot - 96 * floor(slot / 96), ' key ', key_id, ' model ', model,
              ' status ', status_code, ' ', outcome) as subject,
       'equal totals' as expected,
       concat('calls off by ', sum_calls, ', input ', sum_input, ', cached ', sum_cached,
              ', cache write ', sum_write, ', output ', sum_output, ', reasoning ', sum_reasoning,
              ', cost ', sum_cost) as found
  from (select account_id, slot, key_id, model, status_code, outcome,
               cast(sum(calls) as signed) as sum_calls,
               cast(sum(input_tokens) as signed) as sum_input,
               cast(sum(cached_tokens) as signed) as sum_cached,
               cast(sum(cache_write_tokens) as signed) as sum_write,
               cast(sum(output_tokens) as signed) as sum_output,
               cast(sum(reasoning_tokens) as signed) as sum_reasoning,
               cast(sum(cost_nanos) as signed) as sum_cost
          from (select account_id, slot, key_id, model, status_code, outcome,
                       calls, input_tokens, cached_tokens, cache_write_tokens,
                       output_tokens, reasoning_tokens, cost_nanos
                  from usage_quarters
                 where slot >= (select coalesce(timestampdiff(day, '1970-01-01', max(before_day)) * 96, 0)
                                    from dropped_calls)
                 union all
                select account_id, floor(timestampdiff(second, '1970-01-01', started_at) / 900),
                       key_id, model, status_code, outcome,
                       -count(*), cast(-sum(input_tokens) as signed),
                       cast(-sum(cached_tokens) as signed),
                       cast(-sum(cache_write_tokens) as signed),
                       cast(-sum(output_tokens) as signed),
                       cast(-sum(reasoning_tokens) as signed), cast(-sum(cost_nanos) as signed)
                  from calls
                 where id >= (select coalesce(max(before_id), x'00') from dropped_calls)
                 group by account_id, floor(timestampdiff(second, '1970-01-01', started_at) / 900),
                          key_id, model, status_code, outcome
               ) both_sides
         group by account_id, slot, key_id, model, status_code, outcome) totals
 where sum_calls <> 0 or sum_input <> 0 or sum_cached <> 0 or sum_write <> 0 or sum_output <> 0
    or sum_reasoning <> 0 or sum_cost <> 0
 limit :rows
