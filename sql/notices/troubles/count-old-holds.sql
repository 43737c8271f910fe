-- returns one
-- :seconds number
select count(*) as holds, min(created_at) as oldest
  from holds
 where created_at < current_timestamp(3) - interval :seconds second
