-- returns count
-- :ref string
-- :feeRef string?
-- :accountId number
-- :planId number?
-- :creditNanos number
-- :priceNanos number
-- :beganAt time
-- :endsAt time
insert into plan_periods (ref, fee_ref, account_id, plan_id, credit_nanos, price_nanos, began_at,
                          ends_at)
values (:ref, :feeRef, :accountId, :planId, :creditNanos, :priceNanos, :beganAt, :endsAt)
