-- The zones that an account's days are asked for by: its own, then those of the people who are in it, the
-- ones of most people first. Who has no row where they are at home is in it, too.
-- returns many
-- :accountId number
-- :rows number
select zone
  from (select time_zone as zone, 1 as is_own from accounts where id = :accountId
         union all
        select u.time_zone, 0
          from memberships m join users u on u.id = m.user_id
         where m.account_id = :accountId and m.left_at is null
         union all
        select u.time_zone, 0
          from users u left join memberships m on m.account_id = u.account_id and m.user_id = u.id
         where u.account_id = :accountId and m.user_id is null) wanted
 where zone is not null
 group by zone
 order by max(is_own) desc, count(*) desc, zone
 limit :rows
