-- old relays: must be stopped; they do not write usage_quarters
-- Of calls that `retain` has dropped only the day is known, by UTC: all of it stands at its noon, which
-- is in the same day for most zones.
insert into usage_quarters (account_id, slot, key_id, model, status_code, outcome, calls,
                            input_tokens, cached_tokens, cache_write_tokens, output_tokens,
                            reasoning_tokens, cost_nanos)
select account_id, timestampdiff(day, '1970-01-01', day) * 96 + 48, key_id, model, status_code,
       outcome, calls, input_tokens, cached_tokens, cache_write_tokens, output_tokens,
       reasoning_tokens, cost_nanos
  from usage_days
 where day < (select coalesce(max(before_day), '2000-01-01') from dropped_calls)
    on duplicate key update
       calls = values(calls), input_tokens = values(input_tokens),
       cached_tokens = values(cached_tokens), cache_write_tokens = values(cache_write_tokens),
       output_tokens = values(output_tokens), reasoning_tokens = values(reasoning_tokens),
       cost_nanos = values(cost_nanos)
