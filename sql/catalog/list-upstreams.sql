-- The order in which their prices are shown: those first that calls go to first.
-- returns many
select name, definition from upstreams order by priority desc, name
