-- Gives a key another secret, beside which the one that it had works until a moment; null for not at
-- all. The one before that works no more. Run under the account's lock.
-- returns count
-- :id number
-- :accountId number
-- :digest bytes
-- :prefix string
-- :lastFour string
-- :hours number
update api_keys
   set old_digest = case when :hours > 0 then digest end,
       old_until = case when :hours > 0 then current_timestamp(3) + interval :hours hour end,
       digest = :digest, prefix = :prefix, last_four = :lastFour, secret_no = secret_no + 1
 where id = :id and account_id = :accountId and revoked_at is null
