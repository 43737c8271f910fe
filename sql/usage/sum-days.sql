-- Totals by the days of a zone that are folded, and of those that are not by slot: from the rollups
-- alone, as quick after a year as on the first day.
-- returns many
-- :accountId number
-- :zone string
-- :from string
-- :to string
-- :fromSlot number
-- :toSlot number
-- :keyId number?
-- :model string?
-- :statusLeast number
-- :statusMost number
-- :outcome Outcome?
-- :userId number?
select day, null as slot, cast(sum(calls) as signed) as calls,
       cast(sum(input_tokens) as signed) as inputTokens,
       cast(sum(cached_tokens) as signed) as cachedTokens,
       cast(sum(cache_write_tokens) as signed) as cacheWriteTokens,
       cast(sum(output_tokens) as signed) as outputTokens,
       cast(sum(reasoning_tokens) as signed) as reasoningTokens,
       cast(sum(cost_nanos) as signed) as costNanos
  from usage_zone_days
 where account_id = :accountId and zone = :zone and day >= :from and day <= :to
   and day < (select max(before_day) from zone_folds where account_id = :accountId and zone = :zone)
   and calls > 0
   and (:keyId is null or key_id = :keyId) and (:model is null or model = :model)
   and status_code >= :statusLeast and status_code <= :statusMost
   and (:outcome is null or outcome = :outcome)
   and (:userId is null
        or key_id in (select id from api_keys where account_id = :accountId and user_id = :userId))
 group by day
 union all
select null, slot, cast(sum(calls) as signed) as calls,
       cast(sum(input_tokens) as signed) as inputTokens,
       cast(sum(cached_tokens) as signed) as cachedTokens,
       cast(sum(cache_write_tokens) as signed) as cacheWriteTokens,
       cast(sum(output_tokens) as signed) as outputTokens,
       cast(sum(reasoning_tokens) as signed) as reasoningTokens,
       cast(sum(cost_nanos) as signed) as costNanos
  from usage_quarters
 where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
   and slot >= (select coalesce(max(before_slot), 0) from zone_folds
                 where account_id = :accountId and zone = :zone)
   and calls > 0
   and (:keyId is null or key_id = :keyId) and (:model is null or model = :model)
   and status_code >= :statusLeast and status_code <= :statusMost
   and (:outcome is null or outcome = :outcome)
   and (:userId is null
        or key_id in (select id from api_keys where account_id = :accountId and user_id = :userId))
 group by slot
