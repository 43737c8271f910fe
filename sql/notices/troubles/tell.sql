-- One of all relays that see it tells the operator, once it has lasted.
-- returns count
-- :subject string
-- :lastingSeconds number
update troubles set told_at = current_timestamp(3)
 where subject = :subject and told_at is null
   and since <= current_timestamp(3) - interval :lastingSeconds second
