-- A key, and the money behind it, as they stand: for answers that start no call.
-- returns maybe
-- :id number
select k.id as keyId, k.account_id as accountId, k.models as models,
       k.budget_nanos as budgetNanos, k.spent_nanos as spentNanos,
       a.plan_nanos - a.plan_held_nanos + a.balance_nanos - a.balance_held_nanos as availableNanos
  from api_keys k join accounts a on a.id = k.account_id
 where k.id = :id and k.revoked_at is null and a.status = 'active'
   and (k.expires_at is null or k.expires_at > current_timestamp(3))
