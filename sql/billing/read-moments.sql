-- When these entries were booked, in no order; absent beyond the last one.
-- returns many
-- :accountId number
-- :seqs number[]
select seq, created_at as bookedAt from entries where account_id = :accountId and seq in (:seqs)
