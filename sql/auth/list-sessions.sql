-- returns many
-- :userId number
-- :idleHours number
-- :rows number
select digest, created_at as createdAt, used_at as usedAt, user_agent as userAgent
  from sessions
 where user_id = :userId and expires_at > current_timestamp(3)
   and used_at > current_timestamp(3) - interval :idleHours hour
 order by used_at desc limit :rows
