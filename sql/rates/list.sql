-- returns many
-- :rows number
-- column scope LimitScope
select scope, subject, requests, tokens, calls, burst_seconds as burstSeconds
  from rate_limits
 order by scope, subject
 limit :rows
