-- returns count
-- :from string
-- :to string
insert into rate_limits (scope, subject, requests, tokens, calls, burst_seconds, version)
select scope, :to, requests, tokens, calls, burst_seconds,
       cast(floor(unix_timestamp(now(3)) * 1000) as signed)
  from rate_limits where scope = 'account' and subject = :from
