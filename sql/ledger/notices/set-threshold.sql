-- returns count
-- :accountId number
-- :nanos number?
-- :notifiedLow number
update accounts set notify_below_nanos = :nanos, notified_low = :notifiedLow where id = :accountId
