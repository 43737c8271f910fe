-- returns count
-- :scope LimitScope
-- :subject string
delete from rate_limits where scope = :scope and subject = :subject
