-- Below the account's lock: of two owners who leave at once, the second is the last.
-- returns one
-- :accountId number
-- :userId number
select count(*) as total from memberships
 where account_id = :accountId and role = 'owner' and left_at is null and user_id <> :userId
