-- The order that a payment, by the provider's number, was for.
-- returns maybe
-- :provider PaymentProviderName
-- :paymentRef string
select public_id as publicId
  from orders
 where provider = :provider and payment_ref = :paymentRef
 order by id limit 1
