-- returns count
-- :digest bytes
-- :accountId number
delete from stored_responses where digest = :digest and account_id = :accountId
