-- returns one
select count(*) as limits from rate_limits
