-- returns count
-- :accountId number
delete from webhooks where account_id = :accountId
