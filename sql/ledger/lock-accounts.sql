-- The lock of everything below the accounts, always in ascending order, always first; by index,
-- because a scan would wait for the locks of accounts we do not want.
-- returns many
-- :ids number[]
-- column status AccountStatus
select id, status,
       plan_nanos as planNanos, plan_held_nanos as planHeldNanos,
       balance_nanos as balanceNanos, balance_held_nanos as balanceHeldNanos,
       entry_seq as entrySeq
  from accounts force index (primary)
 where id in (:ids)
 order by id
   for update
