-- What is another after every change: each adds to a version, and a new limit's begins at the time it
-- was made.
-- returns one
select cast(concat(count(*), ' ', coalesce(cast(sum(version) as char), '')) as char) as mark
  from rate_limits
