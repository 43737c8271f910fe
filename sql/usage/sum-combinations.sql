-- Which combinations there are of what a filter can name, and how many calls of each.
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
-- column outcome Outcome
select key_id as keyId, model, status_code as statusCode, outcome,
       cast(sum(calls) as signed) as calls
  from usage_days
 where account_id = :accountId and day >= :from and day <= :to and calls > 0
   and (:keyId is null or key_id = :keyId) and (:model is null or model = :model)
   and status_code >= :statusLeast and status_code <= :statusMost
   and (:outcome is null or outcome = :outcome)
   and (:userId is null
        or key_id in (select id from api_keys where account_id = :accountId and user_id = :userId))
 group by key_id, model, status_code, outcome
 order by null
