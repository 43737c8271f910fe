-- returns maybe
-- :userId number
select name from users where id = :userId
