-- What calls come to by the days of a zone that are folded, and of those that are not by slot: those of some
-- models or of some keys each by itself, and of all others together. `part` is the place among them, counted
-- from 1, and 0 for the others; of the two lists one has what is none. Rows are few, however many models and
-- keys there are.
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
-- :models string[]
-- :keyIds number[]
(select field(model, :models) + field(key_id, :keyIds) as part, day, null as slot,
       cast(sum(calls) as signed) as calls,
       cast(sum(input_tokens) as signed) as inputTokens,
       cast(sum(output_tokens) as signed) as outputTokens,
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
 group by part, day
 order by null limit 18446744073709551615)
 union all
(select field(model, :models) + field(key_id, :keyIds) as part, null, slot,
       cast(sum(calls) as signed), cast(sum(input_tokens) as signed),
       cast(sum(output_tokens) as signed), cast(sum(cost_nanos) as signed)
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
 group by part, slot
 order by null limit 18446744073709551615)
