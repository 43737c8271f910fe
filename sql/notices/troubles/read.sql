-- returns one
-- :subject string
select since from troubles where subject = :subject
