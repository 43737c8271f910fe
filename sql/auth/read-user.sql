-- returns maybe
-- :userId number
select name, email, created_at as createdAt from users where id = :userId
