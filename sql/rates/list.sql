-- returns many
-- :rows number
-- column limitScope LimitScope
select scope as limitScope, subject, requests, tokens, calls, burst_seconds as burstSeconds
  from rate_limits
 order by scope, subject
 limit :rows
