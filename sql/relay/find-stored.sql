-- returns maybe
-- :digest bytes
-- :accountId number
select upstream, upstream_key as upstreamKey, model from stored_responses
 where digest = :digest and account_id = :accountId and expires_at > current_timestamp(3)
