-- What is another after every change: each adds to a version, and a new limit's begins at the time it
-- was made. And when that is so.
-- returns one
select cast(concat(count(*), ' ', coalesce(cast(sum(version) as char), '')) as char) as mark,
       cast(floor(unix_timestamp(current_timestamp(3)) * 1000) as signed) as readMs
  from rate_limits
