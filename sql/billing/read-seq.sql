-- returns maybe
-- :accountId number
select entry_seq as entrySeq, created_at as since from accounts where id = :accountId
