-- The last that were sent of an account, or are to be. A mail is shown to whom it goes to alone.
-- returns many
-- :accountId number
-- :userId number
-- :rows number
-- column channel DeliveryChannel
-- column kind NoticeKind
-- column state DeliveryState
select n.id, n.kind, n.payload, n.created_at as createdAt, d.channel, d.state, d.tries, d.code,
       d.ended_at as endedAt, d.next_try_at as nextTryAt
  from notice_deliveries d join notices n on n.id = d.notice_id
 where d.account_id = :accountId and d.user_id in (0, :userId)
 order by d.next_try_at desc
 limit :rows
