-- Where kept calls begin: of the days before, `retain` has dropped the calls.
-- returns one
select cast(coalesce(max(before_day), '2000-01-01') as char) as keptFrom from dropped_calls
