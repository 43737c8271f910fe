-- Makes a lock of these rows one for a whole cluster: a lock that only reads is known to its own node,
-- and there alone it keeps others out. What is written is compared with what all nodes have written,
-- so that of two who lock a row at once one is rolled back. It must be a change, or nothing is
-- written: a moment later than before, which is what `booked_at` may always become.
-- returns count
-- :ids number[]
update accounts force index (primary)
   set booked_at = greatest(current_timestamp(3), booked_at + interval 1000 microsecond)
 where id in (:ids)
