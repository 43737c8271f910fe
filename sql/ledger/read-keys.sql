-- The keys as they are now: whoever changes one holds its account's lock, which we hold.
-- returns many
-- :ids number[]
select id, account_id as accountId,
       revoked_at is not null as revoked,
       coalesce(expires_at <= current_timestamp(3), 0) as expired,
       budget_nanos as budgetNanos, spent_nanos as spentNanos, held_nanos as heldNanos, models
  from api_keys force index (primary)
 where id in (:ids)
