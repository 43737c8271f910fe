-- A day of a zone from the quarters that it has.
-- returns count
-- :accountId number
-- :zone string
-- :day string
-- :fromSlot number
-- :toSlot number
insert into usage_zone_days (account_id, zone, day, key_id, model, status_code, outcome, calls,
                             input_tokens, cached_tokens, cache_write_tokens, output_tokens,
                             reasoning_tokens, cost_nanos)
select account_id, :zone, :day, key_id, model, status_code, outcome,
       cast(sum(calls) as signed), cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
  from usage_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
 group by account_id, key_id, model, status_code, outcome
