-- What was dropped at this end of a month, over all accounts.
-- returns one
-- :beforeId bytes
select coalesce(cast(sum(calls) as signed), 0) as calls from dropped_calls
 where before_id = :beforeId
