-- Run under the account's lock, so that it is ordered before every later reservation.
-- returns count
-- :id number
-- :accountId number
-- :name string
-- :expiresAt time?
-- :budgetNanos number?
-- :models string?
-- :responsesAtChat number
update api_keys
   set name = :name, expires_at = :expiresAt, budget_nanos = :budgetNanos, models = :models,
       responses_at_chat = :responsesAtChat
 where id = :id and account_id = :accountId and revoked_at is null
