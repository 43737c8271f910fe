-- Who is not in that account works in their own all the same: it is looked at with each request.
-- returns count
-- :digest bytes
-- :accountId number
update sessions set account_id = :accountId where digest = :digest
