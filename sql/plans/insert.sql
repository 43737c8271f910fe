-- returns id
-- :name string
-- :creditNanos number
-- :priceNanos number
-- :models string?
-- :groupName string?
-- :rolloverNanos number
-- :graceDays number
insert into plans (name, sold_as, credit_nanos, price_nanos, models, group_name, rollover_nanos,
                   grace_days)
values (:name, :name, :creditNanos, :priceNanos, :models, :groupName, :rolloverNanos, :graceDays)
