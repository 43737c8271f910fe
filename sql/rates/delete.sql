-- returns count
-- :limitScope LimitScope
-- :subject string
delete from rate_limits where scope = :limitScope and subject = :subject
