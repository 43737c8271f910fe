-- From the state it was read in.
-- returns count
-- :id number
-- :was ReversalState
-- :state ReversalState
-- :providerRef string?
-- :nanos number
update order_reversals
   set state = :state, provider_ref = coalesce(:providerRef, provider_ref), nanos = :nanos
 where id = :id and state = :was
