-- returns id
-- :accountId number
-- :userId number?
-- :action AccountAction
-- :subject string
-- :detail string?
insert into account_log (account_id, user_id, action, subject, detail)
values (:accountId, :userId, :action, :subject, :detail)
