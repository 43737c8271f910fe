-- old relays: must be stopped; they do not write usage_quarters
insert into account_quarters (account_id, slot, calls, input_tokens, cached_tokens,
                              cache_write_tokens, output_tokens, reasoning_tokens, cost_nanos)
select account_id, slot, cast(sum(calls) as signed), cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
  from usage_quarters
 group by account_id, slot
    on duplicate key update
       calls = values(calls), input_tokens = values(input_tokens),
       cached_tokens = values(cached_tokens), cache_write_tokens = values(cache_write_tokens),
       output_tokens = values(output_tokens), reasoning_tokens = values(reasoning_tokens),
       cost_nanos = values(cost_nanos)
