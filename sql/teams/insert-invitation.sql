-- returns id
-- :accountId number
-- :digest bytes
-- :role Role
-- :capNanos number?
-- :forWhom string?
-- :madeBy number
-- :hours number
insert into invitations (account_id, digest, role, cap_nanos, for_whom, made_by, expires_at)
values (:accountId, :digest, :role, :capNanos, :forWhom, :madeBy,
        current_timestamp(3) + interval :hours hour)
