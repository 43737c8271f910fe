-- returns count
-- :accountId number
-- :monthlyNanos number
-- :anchorDay number
-- :renewsAt time
insert into subscriptions (account_id, monthly_nanos, anchor_day, renews_at)
values (:accountId, :monthlyNanos, :anchorDay, :renewsAt)
    on duplicate key update monthly_nanos = values(monthly_nanos),
       anchor_day = values(anchor_day), renews_at = values(renews_at)
