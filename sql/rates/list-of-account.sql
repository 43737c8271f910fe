-- The limits that can hold for calls of an account, or of one of its keys.
-- returns many
-- :accountId number
-- :account string
-- :key string
-- :rows number
-- column limitScope LimitScope
select scope as limitScope, subject, requests, tokens, calls, burst_seconds as burstSeconds
  from rate_limits
 where scope in ('everyone', 'model')
    or (scope = 'account' and subject = :account)
    or (scope = 'key' and subject = :key)
    or (scope = 'group' and subject = (select group_name from accounts where id = :accountId))
 order by scope, subject
 limit :rows
