-- Of all that have read it as due, one gets it, for so long as a try may take and more.
-- returns count
-- :noticeId bytes
-- :channel DeliveryChannel
-- :userId number
-- :tries number
-- :seconds number
update notice_deliveries
   set tries = tries + 1, next_try_at = current_timestamp(3) + interval :seconds second
 where notice_id = :noticeId and channel = :channel and user_id = :userId
   and state = 'waiting' and tries = :tries and next_try_at <= current_timestamp(3)
