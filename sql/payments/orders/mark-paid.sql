-- From a state in which it was not paid: whoever changes a row books the credit, and nobody else.
-- What has ended, or is unclear, is paid only where somebody has asked the provider about it, and
-- may give less credit, by another rate. What had come in otherwise is what was ordered after all.
-- returns count
-- :id number
-- :providerRef string
-- :paymentRef string?
-- :mayHaveEnded number
-- :creditNanos number
-- :rate number
update orders
   set state = 'paid', paid_at = current_timestamp(3), provider_ref = :providerRef,
       payment_ref = :paymentRef, pay_url = null, credit_nanos = :creditNanos, rate = :rate,
       came_minor = if(came_at is null, came_minor, amount_minor),
       came_currency = if(came_at is null, came_currency, currency)
 where id = :id
   and (state in ('created', 'pending')
        or (:mayHaveEnded = 1 and state in ('expired', 'failed', 'unclear')))
