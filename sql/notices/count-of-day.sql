-- How many deliveries an account has had of late: `next_try_at` was moved on when each was tried.
-- returns one
-- :accountId number
select count(*) as deliveries
  from notice_deliveries
 where account_id = :accountId and next_try_at > current_timestamp(3) - interval 1 day
