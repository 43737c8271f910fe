-- Accounts that have been used since their days were last folded, in the order of their ids, some at a
-- time. In a slot that is over: of one that is not nothing is folded.
-- returns many
-- :after number
-- :slot number
-- :rows number
select a.id
  from accounts a
 where a.id > :after
   and exists (select 1 from account_quarters q
                where q.account_id = a.id and q.slot < :slot
                  and q.slot >= (select coalesce(min(f.before_slot), 0) from zone_folds f
                                  where f.account_id = a.id))
 order by a.id limit :rows
