-- What is to be sent, or tried again, what has waited for longest first.
-- returns many
-- :rows number
-- column channel DeliveryChannel
-- column kind NoticeKind
select d.notice_id as noticeId, d.channel, d.user_id as userId, d.account_id as accountId, d.tries,
       n.kind, n.payload, n.created_at as createdAt
  from notice_deliveries d join notices n on n.id = d.notice_id
 where d.state = 'waiting' and d.next_try_at <= current_timestamp(3)
 order by d.next_try_at
 limit :rows
