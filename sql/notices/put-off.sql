-- The try of this number has failed, and the next is due in so many seconds.
-- returns count
-- :noticeId bytes
-- :channel DeliveryChannel
-- :userId number
-- :tries number
-- :seconds number
-- :code string
update notice_deliveries
   set next_try_at = current_timestamp(3) + interval :seconds second, code = :code
 where notice_id = :noticeId and channel = :channel and user_id = :userId
   and state = 'waiting' and tries = :tries
