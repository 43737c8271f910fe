-- What of a cap is used in its month, which begins with the first call under it.
-- returns many
-- :accountId number
-- :rows number
-- column role Role
select m.user_id as userId, m.role, m.cap_nanos as capNanos, m.joined_at as joinedAt,
       u.name, u.email,
       case when m.period_ends > current_timestamp(3)
            then (select coalesce(cast(sum(k.spent_nanos) as signed), 0) from api_keys k
                   where k.account_id = m.account_id and k.user_id = m.user_id)
                 - m.period_base_nanos
            else 0 end as capUsedNanos,
       (select count(*) from api_keys k
         where k.account_id = m.account_id and k.user_id = m.user_id
           and k.revoked_at is null) as usableKeys
  from memberships m join users u on u.id = m.user_id
 where m.account_id = :accountId and m.left_at is null
 order by m.joined_at, m.user_id limit :rows
