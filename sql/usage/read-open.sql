-- What a call holds that has not ended.
-- returns maybe
-- :id bytes
select account_id as accountId, key_id as keyId, model, plan_nanos as planNanos,
       balance_nanos as balanceNanos, started_at as startedAt
  from holds where call_id = :id
