-- The one clock that all replicas share.
-- returns one
select current_timestamp(3) as now
