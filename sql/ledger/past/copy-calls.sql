-- Calls like those of a stretch that is there already, so much later or earlier: the database
-- copies rows faster than any program sends them. The tails of the ids, which stay the same, say
-- which.
-- returns count
-- :accountId number
-- :from bytes
-- :to bytes
-- :firstTail bytes
-- :lastTail bytes
-- :shiftMs number
insert into calls (id, account_id, key_id, model, price_id, upstream, upstream_request_id,
                   status_code, error_code, outcome, streamed, input_tokens, cached_tokens,
                   cache_write_tokens, output_tokens, reasoning_tokens, output_tokens_max,
                   usage_source, usage_flag, service_tier, hold_nanos, cost_nanos, plan_nanos,
                   balance_nanos, overrun_nanos, first_byte_ms, total_ms, attempts, client_retry,
                   client, started_at, ended_at, upstream_status, waived_nanos, other_model,
                   upstream_code, upstream_key, price_factor, account_factor, other_units,
                   upstream_nanos, tries)
select concat(unhex(lpad(hex(cast(conv(hex(left(id, 6)), 16, 10) as signed) + :shiftMs), 12, '0')),
              substring(id, 7)),
       account_id, key_id, model, price_id, upstream, upstream_request_id,
       status_code, error_code, outcome, streamed, input_tokens, cached_tokens,
       cache_write_tokens, output_tokens, reasoning_tokens, output_tokens_max,
       usage_source, usage_flag, service_tier, hold_nanos, cost_nanos, plan_nanos,
       balance_nanos, overrun_nanos, first_byte_ms, total_ms, attempts, client_retry, client,
       date_add(started_at, interval :shiftMs * 1000 microsecond),
       date_add(ended_at, interval :shiftMs * 1000 microsecond), upstream_status, waived_nanos,
       other_model, upstream_code, upstream_key, price_factor, account_factor, other_units,
       upstream_nanos, tries
  from calls force index (primary)
 where id >= :from and id < :to and account_id = :accountId
   and substring(id, 9) >= :firstTail and substring(id, 9) <= :lastTail
