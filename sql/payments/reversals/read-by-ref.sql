-- returns maybe
-- :provider PaymentProviderName
-- :providerRef string
-- column kind ReversalKind
-- column state ReversalState
select id, order_id as orderId, kind, state, provider_ref as providerRef, amount_minor as amountMinor,
       nanos, actor, created_at as createdAt
  from order_reversals
 where provider = :provider and provider_ref = :providerRef
