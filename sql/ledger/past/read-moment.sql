-- When an entry was booked.
-- returns maybe
-- :accountId number
-- :seq number
select created_at as bookedAt from entries where account_id = :accountId and seq = :seq
