-- What codes of a batch are worth, and whether they still are, by the database's clock.
-- returns maybe
-- :id number
select id, name, value_nanos as valueNanos, plan_id as planId, months, codes, uses,
       expires_at as expiresAt, canceled_at as canceledAt,
       if(expires_at <= current_timestamp(3), 1, 0) as isExpired
  from code_batches where id = :id
