-- Totals by key, from the rollup alone.
-- Their order means nothing; without `order by null` MariaDB sorts them.
-- returns many
-- :accountId number
-- :from string
-- :to string
-- :keyId number?
-- :model string?
-- :statusLeast number
-- :statusMost number
-- :outcome Outcome?
-- :userId number?
select key_id as keyId, cast(sum(calls) as signed) as calls,
       cast(sum(input_tokens) as signed) as inputTokens,
       cast(sum(output_tokens) as signed) as outputTokens,
       cast(sum(cost_nanos) as signed) as costNanos
  from usage_days
 where account_id = :accountId and day >= :from and day <= :to and calls > 0
   and (:keyId is null or key_id = :keyId) and (:model is null or model = :model)
   and status_code >= :statusLeast and status_code <= :statusMost
   and (:outcome is null or outcome = :outcome)
   and (:userId is null
        or key_id in (select id from api_keys where account_id = :accountId and user_id = :userId))
 group by key_id
 order by null
