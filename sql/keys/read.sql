-- returns maybe
-- :id number
-- :accountId number
select id, name, prefix, last_four as lastFour, expires_at as expiresAt,
       coalesce(expires_at <= current_timestamp(3), 0) as expired, budget_nanos as budgetNanos,
       spent_nanos as spentNanos, held_nanos as heldNanos, models,
       responses_at_chat as responsesAtChat, revoked_at as revokedAt,
       last_used_at as lastUsedAt, created_at as createdAt, user_id as userId
  from api_keys where id = :id and account_id = :accountId
