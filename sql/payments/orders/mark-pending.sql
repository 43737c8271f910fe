-- The provider knows it, and says where it is paid. What was paid meanwhile stays so.
-- returns count
-- :id number
-- :providerRef string?
-- :payUrl string
update orders
   set state = 'pending', provider_ref = coalesce(:providerRef, provider_ref), pay_url = :payUrl
 where id = :id and state in ('created', 'pending')
