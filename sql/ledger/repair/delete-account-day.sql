-- returns count
-- :accountId number
-- :day string
delete from account_days where account_id = :accountId and day = :day
