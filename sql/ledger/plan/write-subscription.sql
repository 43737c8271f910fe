-- A period has begun, or grace has: whatever was wished for the next one is done with.
-- returns count
-- :accountId number
-- :monthlyNanos number
-- :anchorDay number
-- :renewsAt time
-- :planId number?
-- :priceNanos number
-- :inGrace number
-- :leftOut number
-- :endsAt time?
insert into subscriptions (account_id, monthly_nanos, anchor_day, renews_at, plan_id, price_nanos,
                           in_grace, left_out, ends_at)
values (:accountId, :monthlyNanos, :anchorDay, :renewsAt, :planId, :priceNanos, :inGrace, :leftOut,
        :endsAt)
    on duplicate key update monthly_nanos = values(monthly_nanos),
       anchor_day = values(anchor_day), renews_at = values(renews_at), plan_id = values(plan_id),
       price_nanos = values(price_nanos), in_grace = values(in_grace),
       left_out = values(left_out), ends_at = values(ends_at),
       next_plan_id = null, canceled_at = null
