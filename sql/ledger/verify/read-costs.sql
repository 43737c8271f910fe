-- The next calls in the order of their ids, with all that their cost follows from.
-- returns many
-- :after bytes
-- :rows number
select id, price_id as priceId, input_tokens as inputTokens,
       cached_tokens as cachedTokens, cache_write_tokens as cacheWriteTokens,
       output_tokens as outputTokens, reasoning_tokens as reasoningTokens,
       other_units as otherUnits, service_tier as serviceTier, started_at as startedAt,
       price_factor as priceFactor, account_factor as accountFactor,
       cost_nanos as costNanos, overrun_nanos as overrunNanos
  from calls
 where id > :after
 order by id
 limit :rows
