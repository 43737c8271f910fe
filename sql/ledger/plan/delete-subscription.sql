-- returns count
-- :accountId number
delete from subscriptions where account_id = :accountId
