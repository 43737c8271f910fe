-- The first version is the time, so that no limit is ever taken for one that was removed before.
-- returns count
-- :limitScope LimitScope
-- :subject string
-- :requests number?
-- :tokens number?
-- :calls number?
-- :burstSeconds number?
insert into rate_limits (scope, subject, requests, tokens, calls, burst_seconds, version)
values (:limitScope, :subject, :requests, :tokens, :calls, :burstSeconds,
        cast(floor(unix_timestamp(now(3)) * 1000) as signed))
    on duplicate key update requests = :requests, tokens = :tokens, calls = :calls,
                            burst_seconds = :burstSeconds, version = version + 1
