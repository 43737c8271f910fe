-- Read below the account's lock.
-- returns maybe
-- :accountId number
select monthly_nanos as monthlyNanos, anchor_day as anchorDay, renews_at as renewsAt,
       renews_at <= current_timestamp(3) as due, current_timestamp(3) as now
  from subscriptions where account_id = :accountId
