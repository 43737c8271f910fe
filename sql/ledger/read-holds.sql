-- returns many
-- :callIds bytes[]
select call_id as callId, plan_nanos as planNanos, plan_ended as planEnded,
       balance_nanos as balanceNanos, output_tokens_max as outputTokensMax
  from holds force index (primary)
 where call_id in (:callIds)
