-- returns id
-- :actor string
-- :action AdminAction
-- :subject string
-- :detail string?
insert into admin_log (actor, action, subject, detail)
values (:actor, :action, :subject, :detail)
