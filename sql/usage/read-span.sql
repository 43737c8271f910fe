-- The slots an account has calls listed for: from its first use, or from where `retain` has cut.
-- returns one
-- :accountId number
select min(slot) as firstSlot, max(slot) as lastSlot,
       (select max(before_id) from dropped_calls) as keptFrom
  from account_quarters where account_id = :accountId
