-- Whether the people of these accounts, which are locked, have been told that their credit is low.
-- returns count
-- :ids number[]
-- :notifiedLow number
update accounts force index (primary) set notified_low = :notifiedLow where id in (:ids)
