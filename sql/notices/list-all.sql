-- The last notices of all accounts and of the operator, each with whom it goes to, or with nobody.
-- returns many
-- :rows number
-- column kind NoticeKind
-- column channel DeliveryChannel
-- column state DeliveryState
select n.kind, n.created_at as createdAt, n.account_id as accountId, d.channel, d.user_id as userId,
       d.state, d.tries, d.code
  from notices n left join notice_deliveries d on d.notice_id = n.id
 order by n.created_at desc
 limit :rows
