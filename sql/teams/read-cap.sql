-- What somebody may spend of an account in a month, and what of it is used; the month begins with
-- the first call under it. Nothing where they have no cap.
-- returns maybe
-- :accountId number
-- :userId number
select m.cap_nanos as capNanos,
       case when m.period_ends > current_timestamp(3) then m.period_ends end as endsAt,
       case when m.period_ends > current_timestamp(3)
            then (select coalesce(cast(sum(k.spent_nanos) as signed), 0) from api_keys k
                   where k.account_id = m.account_id and k.user_id = m.user_id)
                 - m.period_base_nanos
            else 0 end as usedNanos
  from memberships m
 where m.account_id = :accountId and m.user_id = :userId
   and m.left_at is null and m.cap_nanos is not null
