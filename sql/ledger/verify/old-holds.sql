-- Holds that are older than any call may last, whether or not their relay lives: it has lost them.
-- returns many
-- :holdSeconds number
-- :rows number
select concat('call ', lower(hex(call_id))) as subject,
       concat('held since ', current_timestamp(3) - interval :holdSeconds second,
              ' at the longest') as expected,
       concat('held since ', created_at) as found
  from holds
 where created_at < current_timestamp(3) - interval :holdSeconds second
 limit :rows
