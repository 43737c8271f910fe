-- returns count
-- :deliveries (noticeId bytes, channel DeliveryChannel, userId number, accountId number?)[]
insert ignore into notice_deliveries (notice_id, channel, user_id, account_id)
values :deliveries
