-- The totals of an account from those by key, model, status and outcome.
-- returns count
-- :accountId number
-- :fromSlot number
-- :toSlot number
insert into account_quarters (account_id, slot, calls, input_tokens, cached_tokens,
                              cache_write_tokens, output_tokens, reasoning_tokens, cost_nanos)
select account_id, slot, cast(sum(calls) as signed), cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
  from usage_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
 group by account_id, slot
