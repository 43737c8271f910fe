-- As lock-accounts, where it is likely that somebody holds one of them for long: it waits for
-- nobody, and fails instead (1205 on MariaDB, 3572 on MySQL).
-- returns many
-- :ids number[]
-- column status AccountStatus
select id, status,
       plan_nanos as planNanos, plan_held_nanos as planHeldNanos,
       balance_nanos as balanceNanos, balance_held_nanos as balanceHeldNanos,
       entry_seq as entrySeq, folded_slot as foldedSlot, factor,
       plan_models as planModels,
       notify_below_nanos as notifyBelowNanos, notified_low as notifiedLow,
       cast(greatest(current_timestamp(3), booked_at) as char) as bookedAt,
       cast(current_timestamp(3) as char) as readAt
  from accounts force index (primary)
 where id in (:ids)
 order by id
   for update nowait
