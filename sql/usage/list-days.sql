-- Totals over everything an account did: by the days of a zone that are folded, and of those that are
-- not by slot.
-- returns many
-- :accountId number
-- :zone string
-- :from string
-- :to string
-- :fromSlot number
-- :toSlot number
select day, null as slot, calls, input_tokens as inputTokens, cached_tokens as cachedTokens,
       cache_write_tokens as cacheWriteTokens, output_tokens as outputTokens,
       reasoning_tokens as reasoningTokens, cost_nanos as costNanos
  from account_zone_days
 where account_id = :accountId and zone = :zone and day >= :from and day <= :to
   and day < (select max(before_day) from zone_folds where account_id = :accountId and zone = :zone)
   and calls > 0
 union all
select null, slot, calls, input_tokens, cached_tokens, cache_write_tokens, output_tokens,
       reasoning_tokens, cost_nanos
  from account_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
   and slot >= (select coalesce(max(before_slot), 0) from zone_folds
                 where account_id = :accountId and zone = :zone)
   and calls > 0
