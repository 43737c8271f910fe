-- The lock of everything below the accounts, always in ascending order, always first; by index,
-- because a scan would wait for the locks of accounts we do not want.
-- bookedAt is now, but never before the account was last written, whatever the clocks of two
-- servers say or however one was set back: entries of an account are in the order of time. It stays
-- text, which costs no Date to read and none to write. readAt is the server's own now.
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
   for update
