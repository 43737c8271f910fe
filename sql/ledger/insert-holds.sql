-- returns count
-- :holds (callId bytes, accountId number, keyId number, planNanos number, balanceNanos number,
--   relayId bytes, model string, priceId number, outputTokensMax number, streamed number,
--   startedAt time)[]
insert into holds (call_id, account_id, key_id, plan_nanos, balance_nanos, relay_id, model,
                   price_id, output_tokens_max, streamed, started_at)
values :holds
