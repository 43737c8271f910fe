-- Below the lock of the account that they leave.
-- returns count
-- :userId number
-- :fromId number
-- :toId number
update users set account_id = :toId, homes_left = homes_left + 1
 where id = :userId and account_id = :fromId
