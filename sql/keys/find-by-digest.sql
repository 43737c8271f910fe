-- Facts of a secret that never change: whose it is, and the how many-th of its key. Whether it is good
-- is decided under its account's lock.
-- returns maybe
-- :digest bytes
select id as keyId, account_id as accountId, secret_no as secretNo
  from api_keys where digest = :digest
 union all
select id, account_id, secret_no - 1 from api_keys where old_digest = :digest
