-- What a notice calls the account by, and what its settings show.
-- returns maybe
-- :accountId number
select name, notify_below_nanos as notifyBelowNanos from accounts where id = :accountId
