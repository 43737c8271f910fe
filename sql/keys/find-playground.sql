-- The key of somebody's playground in an account, unless it was revoked.
-- returns maybe
-- :accountId number
-- :userId number
select k.id, k.digest, k.secret_no as secretNo, k.models,
       coalesce(k.expires_at <= current_timestamp(3), 0) as expired
  from playground_keys p join api_keys k on k.id = p.key_id
 where p.account_id = :accountId and p.user_id = :userId and k.revoked_at is null
