-- Below the account's lock. Who has been in it before goes on with what was counted of them.
-- returns count
-- :accountId number
-- :userId number
-- :role Role
-- :capNanos number?
insert into memberships (account_id, user_id, role, cap_nanos)
values (:accountId, :userId, :role, :capNanos)
    on duplicate key update role = values(role), cap_nanos = values(cap_nanos),
                            joined_at = current_timestamp(3), left_at = null
