-- It is seen now; after a long calm it is another one. Assignments are made from left to right.
-- returns count
-- :subject string
-- :calmSeconds number
insert into troubles (subject) values (:subject)
on duplicate key update
  since = if(seen_at < current_timestamp(3) - interval :calmSeconds second, current_timestamp(3), since),
  told_at = if(seen_at < current_timestamp(3) - interval :calmSeconds second, null, told_at),
  seen_at = current_timestamp(3)
