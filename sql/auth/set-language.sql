-- returns count
-- :userId number
-- :language Language
update users set language = :language where id = :userId
