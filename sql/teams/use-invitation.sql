-- Lets one of all through who bring the same link.
-- returns count
-- :digest bytes
-- :userId number
update invitations set used_at = current_timestamp(3), used_by = :userId
 where digest = :digest and used_at is null and revoked_at is null
   and expires_at > current_timestamp(3)
