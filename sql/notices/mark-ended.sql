-- It was sent, or is given up: also where somebody else is at it by now, who took us for dead.
-- returns count
-- :noticeId bytes
-- :channel DeliveryChannel
-- :userId number
-- :state DeliveryState
-- :code string?
update notice_deliveries
   set state = :state, code = :code, ended_at = current_timestamp(3)
 where notice_id = :noticeId and channel = :channel and user_id = :userId and state = 'waiting'
