-- returns maybe
-- :accountId number
-- :userId number
select mail, muted from notice_choices where account_id = :accountId and user_id = :userId
