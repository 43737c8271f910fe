-- returns count
-- :accountId number
-- :userId number
-- :mail number
-- :muted string
insert into notice_choices (account_id, user_id, mail, muted)
values (:accountId, :userId, :mail, :muted)
on duplicate key update mail = :mail, muted = :muted
