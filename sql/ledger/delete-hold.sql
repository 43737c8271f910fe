-- One row a statement: with `in (…)` the planner scans this small table, locks holds of others on its
-- way, and two lanes deadlock on every tenth batch (measured on MariaDB 10.11, index hint or not).
-- returns count
-- :callId bytes
delete from holds where call_id = :callId
