-- What became of calls whose hold is gone.
-- returns many
-- :callIds bytes[]
-- column outcome Outcome
select id, outcome, status_code as statusCode, hold_nanos as holdNanos, cost_nanos as costNanos,
       overrun_nanos as overrunNanos, started_at as startedAt, key_id as keyId, model
  from calls
 where id in (:callIds)
