-- returns count
-- :before bytes
-- :rows number
delete from form_tokens where token < :before limit :rows
