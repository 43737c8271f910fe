-- The money that open calls hold, the oldest first, with how long they have held it.
-- returns many
-- :accountId number
-- :rows number
select h.call_id as callId, h.model, k.name as keyName, h.plan_nanos as planNanos,
       h.balance_nanos as balanceNanos, h.started_at as startedAt,
       timestampdiff(second, h.created_at, current_timestamp(3)) as ageSeconds
  from holds h left join api_keys k on k.id = h.key_id
 where h.account_id = :accountId
 order by h.started_at limit :rows
