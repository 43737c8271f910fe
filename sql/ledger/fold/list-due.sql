-- Accounts that have been used since their days were last folded, in the order of their ids, some at a
-- time; and those whose own zone, or that of somebody in them, is not folded yet. In a slot that is
-- over: of one that is not nothing is folded.
-- returns many
-- :after number
-- :slot number
-- :rows number
select a.id
  from accounts a
 where a.id > :after
   and exists (select 1 from account_quarters q where q.account_id = a.id and q.slot < :slot)
   and (exists (select 1 from account_quarters q
                 where q.account_id = a.id and q.slot < :slot
                   and q.slot >= (select coalesce(min(f.before_slot), 0) from zone_folds f
                                   where f.account_id = a.id))
        or not exists (select 1 from zone_folds f
                        where f.account_id = a.id and f.zone = a.time_zone)
        or exists (select 1 from memberships m join users u on u.id = m.user_id
                    where m.account_id = a.id and m.left_at is null and u.time_zone is not null
                      and not exists (select 1 from zone_folds f
                                       where f.account_id = a.id and f.zone = u.time_zone)))
 order by a.id limit :rows
