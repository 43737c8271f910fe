-- returns maybe
-- :keyId number
select account_id as accountId from api_keys where id = :keyId
