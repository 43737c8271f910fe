-- The first slot with calls from this one on.
-- returns one
-- :accountId number
-- :slot number
select min(slot) as slot from account_quarters where account_id = :accountId and slot >= :slot
