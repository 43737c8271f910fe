-- Run under the account's lock where something is decided by it.
-- returns maybe
-- :accountId number
-- :userId number
-- column role Role
select m.user_id as userId, m.role, m.cap_nanos as capNanos, m.joined_at as joinedAt,
       m.left_at as leftAt, m.held_nanos as heldNanos, u.name, u.email,
       u.account_id = m.account_id as isHome, u.homes_left as homesLeft
  from memberships m join users u on u.id = m.user_id
 where m.account_id = :accountId and m.user_id = :userId
