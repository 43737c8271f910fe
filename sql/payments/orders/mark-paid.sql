-- From a state in which it was not paid: whoever changes a row books the credit, and nobody else.
-- What has ended, or is unclear, is paid only where somebody has asked the provider about it, and
-- may give less credit, by another rate.
-- returns count
-- :id number
-- :providerRef string
-- :paymentRef string?
-- :mayHaveEnded number
-- :creditNanos number
-- :rate number
update orders
   set state = 'paid', paid_at = current_timestamp(3), provider_ref = :providerRef,
       payment_ref = :paymentRef, pay_url = null, credit_nanos = :creditNanos, rate = :rate
 where id = :id
   and (state in ('created', 'pending')
        or (:mayHaveEnded = 1 and state in ('expired', 'failed', 'unclear')))
