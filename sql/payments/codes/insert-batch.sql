-- returns id
-- :name string
-- :valueNanos number
-- :planId number?
-- :months number?
-- :codes number
-- :uses number
-- :expiresAt time?
-- :actor string
insert into code_batches (name, value_nanos, plan_id, months, codes, uses, expires_at, created_by)
values (:name, :valueNanos, :planId, :months, :codes, :uses, :expiresAt, :actor)
