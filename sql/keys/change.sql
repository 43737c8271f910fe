-- Run under the account's lock, so that it is ordered before every later reservation. A budget of
-- another period counts from the next call on; one of the same goes on.
-- returns count
-- :id number
-- :accountId number
-- :name string
-- :expiresAt time?
-- :budgetNanos number?
-- :period Period?
-- :periodBudgetNanos number?
-- :models string?
-- :addresses string?
-- :responsesAtChat number
update api_keys
   set period_began = case when period <=> :period then period_began end,
       period_ends = case when period <=> :period then period_ends end,
       period = :period, period_budget_nanos = :periodBudgetNanos,
       name = :name, expires_at = :expiresAt, budget_nanos = :budgetNanos, models = :models,
       addresses = :addresses, responses_at_chat = :responsesAtChat
 where id = :id and account_id = :accountId and revoked_at is null
