-- The accounts behind `after` whose period, or grace, is over.
-- returns many
-- :after number
-- :rows number
select account_id as accountId from subscriptions force index (subscriptions_renewal)
 where renews_at <= current_timestamp(3) and account_id > :after
 order by account_id limit :rows
