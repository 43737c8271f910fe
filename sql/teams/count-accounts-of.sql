-- returns one
-- :userId number
select count(*) as total from memberships where user_id = :userId and left_at is null
