-- returns count
-- :accountId number
-- :id number
update invitations set revoked_at = current_timestamp(3)
 where id = :id and account_id = :accountId and used_at is null and revoked_at is null
