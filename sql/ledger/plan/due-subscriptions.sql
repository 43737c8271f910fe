-- returns many
-- :rows number
select account_id as accountId from subscriptions
 where renews_at <= current_timestamp(3) order by renews_at limit :rows
