-- Newest first, before one of them.
-- returns many
-- :accountId number
-- :before number
-- :rows number
-- column action AccountAction
select l.id, l.user_id as userId, u.name as userName, l.action, l.subject, l.detail,
       l.created_at as createdAt
  from account_log l left join users u on u.id = l.user_id
 where l.account_id = :accountId and l.id < :before
 order by l.id desc limit :rows
