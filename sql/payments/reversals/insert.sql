-- returns id
-- :orderId number
-- :kind ReversalKind
-- :state ReversalState
-- :provider PaymentProviderName
-- :providerRef string?
-- :amountMinor number
-- :nanos number
-- :actor string
insert into order_reversals (order_id, kind, state, provider, provider_ref, amount_minor, nanos, actor)
values (:orderId, :kind, :state, :provider, :providerRef, :amountMinor, :nanos, :actor)
