-- returns count
-- :accountId number
-- :zone string
-- :day string
-- :fromSlot number
-- :toSlot number
insert into account_zone_days (account_id, zone, day, from_slot, to_slot, calls, input_tokens,
                               cached_tokens, cache_write_tokens, output_tokens,
                               reasoning_tokens, cost_nanos)
select account_id, :zone, :day, :fromSlot, :toSlot,
       cast(sum(calls) as signed), cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
  from account_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
 group by account_id
