-- Below the account's lock.
-- returns count
-- :accountId number
-- :userId number
-- :role Role
-- :capNanos number?
update memberships set role = :role, cap_nanos = :capNanos
 where account_id = :accountId and user_id = :userId and left_at is null
