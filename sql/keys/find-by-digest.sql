-- Facts of a key that never change. Whether it is good is decided under its account's lock.
-- returns maybe
-- :digest bytes
select id as keyId, account_id as accountId from api_keys where digest = :digest
