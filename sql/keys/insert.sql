-- returns id
-- :accountId number
-- :digest bytes
-- :name string
-- :prefix string
-- :lastFour string
-- :expiresAt time?
-- :budgetNanos number?
-- :models string?
-- :responsesAtChat number
-- :userId number?
insert into api_keys (account_id, digest, name, prefix, last_four, expires_at, budget_nanos, models,
                      responses_at_chat, user_id)
values (:accountId, :digest, :name, :prefix, :lastFour, :expiresAt, :budgetNanos, :models,
        :responsesAtChat, :userId)
