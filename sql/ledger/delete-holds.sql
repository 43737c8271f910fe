-- From the ids to the rows, never the other way: with `in (…)` the planner scans this small table,
-- locks holds of others on its way, and two lanes deadlock on every tenth batch.
-- returns count
-- :gone (callId bytes)[] table
delete holds
  from :gone given straight_join holds force index (primary) on holds.call_id = given.callId
