-- The rows are locked by this transaction, so the new values may be written outright: of each list
-- the value that stands where the row's id stands in :ids. One statement for all rows, and by index:
-- a scan of a small table would wait for the locks of accounts we do not want.
-- returns count
-- :ids number[]
-- :planNanos number[]
-- :planHeldNanos number[]
-- :balanceNanos number[]
-- :balanceHeldNanos number[]
-- :entrySeq number[]
-- :bookedAt string[]
update accounts force index (primary)
   set plan_nanos = elt(field(id, :ids), :planNanos),
       plan_held_nanos = elt(field(id, :ids), :planHeldNanos),
       balance_nanos = elt(field(id, :ids), :balanceNanos),
       balance_held_nanos = elt(field(id, :ids), :balanceHeldNanos),
       entry_seq = elt(field(id, :ids), :entrySeq),
       booked_at = elt(field(id, :ids), :bookedAt)
 where id in (:ids)
