-- old relays: must be stopped; they do not write usage_quarters
-- From the calls that are kept. Sets rather than adds, so that running it twice changes nothing.
insert into usage_quarters (account_id, slot, key_id, model, status_code, outcome, calls,
                            input_tokens, cached_tokens, cache_write_tokens, output_tokens,
                            reasoning_tokens, cost_nanos)
select account_id, cast(floor(timestampdiff(second, '1970-01-01', started_at) / 900) as signed) as quarter,
       key_id, model, status_code, outcome, count(*), cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
  from calls
 where id >= (select coalesce(max(before_id), x'00') from dropped_calls)
 group by account_id, quarter, key_id, model, status_code, outcome
    on duplicate key update
       calls = values(calls), input_tokens = values(input_tokens),
       cached_tokens = values(cached_tokens), cache_write_tokens = values(cache_write_tokens),
       output_tokens = values(output_tokens), reasoning_tokens = values(reasoning_tokens),
       cost_nanos = values(cost_nanos)
