-- returns count
-- :userId number
-- :digest bytes
delete from sessions where user_id = :userId and digest <> :digest
