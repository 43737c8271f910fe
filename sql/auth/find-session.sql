-- returns maybe
-- :digest bytes
-- :idleHours number
select u.id as userId, u.account_id as accountId, u.name as name,
       s.used_at < current_timestamp(3) - interval 5 minute as stale
  from sessions s join users u on u.id = s.user_id
 where s.digest = :digest and s.expires_at > current_timestamp(3)
   and s.used_at > current_timestamp(3) - interval :idleHours hour
