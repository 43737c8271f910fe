-- The total of a day from those by key, model, status and outcome.
-- returns count
-- :accountId number
-- :day string
insert into account_days (account_id, day, calls, input_tokens, cached_tokens, cache_write_tokens,
                          output_tokens, reasoning_tokens, cost_nanos)
select account_id, day, cast(sum(calls) as signed), cast(sum(input_tokens) as signed),
       cast(sum(cached_tokens) as signed), cast(sum(cache_write_tokens) as signed),
       cast(sum(output_tokens) as signed), cast(sum(reasoning_tokens) as signed),
       cast(sum(cost_nanos) as signed)
  from usage_days
 where account_id = :accountId and day = :day
 group by account_id, day
