-- The same of a member with a cap, whose account is locked.
-- returns count
-- :accountId number
-- :userId number
-- :periodBegan time
-- :periodEnds time
-- :baseNanos number
update memberships
   set period_began = :periodBegan, period_ends = :periodEnds, period_base_nanos = :baseNanos
 where account_id = :accountId and user_id = :userId
