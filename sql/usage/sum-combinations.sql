-- Which combinations there are of what a filter can name, and what the calls of each come to: once of the
-- days of a zone that are folded, once of the rest. So whatever a page says of its models, keys, codes and
-- outcomes, and of all of them together, is of one reading.
-- Their order means nothing; without `order by null` MariaDB sorts them, and without a limit, which is none,
-- it passes over that in a part of a union.
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
-- column outcome Outcome
(select key_id as keyId, model, status_code as statusCode, outcome,
       cast(sum(calls) as signed) as calls,
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
 group by key_id, model, status_code, outcome
 order by null limit 18446744073709551615)
 union all
(select key_id, model, status_code, outcome, cast(sum(calls) as signed),
       cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
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
 group by key_id, model, status_code, outcome
 order by null limit 18446744073709551615)
