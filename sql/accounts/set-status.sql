-- Run under the account's lock, so that it is ordered before every later reservation.
-- returns count
-- :id number
-- :status AccountStatus
update accounts set status = :status where id = :id
