-- Totals by day over everything an account did.
-- returns many
-- :accountId number
-- :from string
-- :to string
select day, calls, input_tokens as inputTokens, cached_tokens as cachedTokens,
       cache_write_tokens as cacheWriteTokens, output_tokens as outputTokens,
       reasoning_tokens as reasoningTokens, cost_nanos as costNanos
  from account_days
 where account_id = :accountId and day >= :from and day <= :to and calls > 0
 order by day
