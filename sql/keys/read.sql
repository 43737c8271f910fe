-- returns maybe
-- :id number
-- :accountId number
-- column period Period
select id, name, prefix, last_four as lastFour, expires_at as expiresAt,
       coalesce(expires_at <= current_timestamp(3), 0) as expired, budget_nanos as budgetNanos,
       spent_nanos as spentNanos, held_nanos as heldNanos,
       period, period_budget_nanos as periodBudgetNanos,
       case when period_ends > current_timestamp(3) then period_ends end as periodEnds,
       case when period_ends > current_timestamp(3) then spent_nanos - period_base_nanos
            else 0 end as periodSpentNanos,
       models, addresses, disabled_at as disabledAt, disabled_by as disabledBy,
       (select d.name from users d where d.id = disabled_by) as disabledByName, secret_no as secretNo,
       case when old_until > current_timestamp(3) then old_until end as oldUntil,
       responses_at_chat as responsesAtChat, revoked_at as revokedAt,
       last_used_at as lastUsedAt, created_at as createdAt, user_id as userId,
       exists (select 1 from playground_keys p
                where p.account_id = api_keys.account_id and p.user_id = api_keys.user_id
                  and p.key_id = api_keys.id) as isPlayground
  from api_keys where id = :id and account_id = :accountId
