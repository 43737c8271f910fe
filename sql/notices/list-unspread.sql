-- Notices of which nobody has decided yet whom they go to, the oldest first.
-- returns many
-- :rows number
-- column kind NoticeKind
select id, account_id as accountId, kind, payload
  from notices
 where spread_at is null
 order by created_at
 limit :rows
