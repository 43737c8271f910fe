-- returns many
-- :accountId number
-- :rows number
-- column role Role
select m.user_id as userId, m.role, m.cap_nanos as capNanos, m.joined_at as joinedAt,
       u.name, u.email,
       (select count(*) from api_keys k
         where k.account_id = m.account_id and k.user_id = m.user_id
           and k.revoked_at is null) as usableKeys
  from memberships m join users u on u.id = m.user_id
 where m.account_id = :accountId and m.left_at is null
 order by m.joined_at, m.user_id limit :rows
