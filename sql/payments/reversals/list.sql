-- All of one order, the oldest first.
-- returns many
-- :orderId number
-- :rows number
-- column kind ReversalKind
-- column state ReversalState
select id, order_id as orderId, kind, state, provider_ref as providerRef, amount_minor as amountMinor,
       nanos, actor, created_at as createdAt
  from order_reversals
 where order_id = :orderId
 order by id limit :rows
