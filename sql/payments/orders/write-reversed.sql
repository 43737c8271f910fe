-- What of a paid order is taken back by now. The caller holds the account's lock.
-- returns count
-- :id number
-- :state OrderState
-- :reversedMinor number
-- :takenNanos number
update orders set state = :state, reversed_minor = :reversedMinor, taken_nanos = :takenNanos
 where id = :id and paid_at is not null
