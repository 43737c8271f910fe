-- What somebody has handed out ends with what they were when they did.
-- returns count
-- :accountId number
-- :userId number
update invitations set revoked_at = current_timestamp(3)
 where account_id = :accountId and made_by = :userId and used_at is null and revoked_at is null
