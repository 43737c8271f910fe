-- The totals of a UTC day's quarters from its calls. Ids say when a call began, as `started_at` does; the
-- stretch of ids is some longer than the day.
-- returns count
-- :accountId number
-- :day string
-- :from bytes
-- :to bytes
insert into usage_quarters (account_id, slot, key_id, model, status_code, outcome, calls,
                            input_tokens, cached_tokens, cache_write_tokens, output_tokens,
                            reasoning_tokens, cost_nanos)
select account_id, cast(floor(timestampdiff(second, '1970-01-01', started_at) / 900) as signed) as quarter,
       key_id, model, status_code, outcome, count(*), cast(sum(input_tokens) as signed), cast(sum(cached_tokens) as signed),
       cast(sum(cache_write_tokens) as signed), cast(sum(output_tokens) as signed),
       cast(sum(reasoning_tokens) as signed), cast(sum(cost_nanos) as signed)
  from calls
 where account_id = :accountId and id >= :from and id < :to and date(started_at) = :day
   and id >= (select coalesce(max(before_id), x'00') from dropped_calls)
 group by account_id, quarter, key_id, model, status_code, outcome
