-- returns maybe
-- :accountId number
-- :keyId number
select name, user_id as userId from api_keys where account_id = :accountId and id = :keyId
