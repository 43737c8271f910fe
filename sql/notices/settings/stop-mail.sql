-- returns count
-- :accountId number
-- :userId number
insert into notice_choices (account_id, user_id, mail) values (:accountId, :userId, 0)
on duplicate key update mail = 0
