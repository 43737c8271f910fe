-- Run under the account's lock: whoever settles a call reads it there.
-- returns count
-- :accountId number
-- :slot number
update accounts set folded_slot = greatest(folded_slot, :slot) where id = :accountId
