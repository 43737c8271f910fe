-- returns count
-- :accountId number
-- :fromSlot number
-- :toSlot number
delete from account_quarters where account_id = :accountId and slot >= :fromSlot and slot < :toSlot
