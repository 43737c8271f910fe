-- returns id
-- :accountId number
-- :digest bytes
-- :name string
-- :prefix string
-- :lastFour string
-- :expiresAt time?
-- :budgetNanos number?
-- :period Period?
-- :periodBudgetNanos number?
-- :models string?
-- :addresses string?
-- :responsesAtChat number
-- :userId number?
insert into api_keys (account_id, digest, name, prefix, last_four, expires_at, budget_nanos, period,
                      period_budget_nanos, models, addresses, responses_at_chat, user_id)
values (:accountId, :digest, :name, :prefix, :lastFour, :expiresAt, :budgetNanos, :period,
        :periodBudgetNanos, :models, :addresses, :responsesAtChat, :userId)
