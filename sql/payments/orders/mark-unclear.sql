-- Something came in that cannot be booked as it is: nobody pays it again, nobody asks about it, and
-- a person decides. What has ended is so only where somebody has asked the provider about it; its
-- credit and rate are those of the day it was found.
-- returns count
-- :id number
-- :providerRef string
-- :paymentRef string?
-- :mayHaveEnded number
-- :creditNanos number
-- :rate number
-- :cameMinor number?
-- :cameCurrency string?
update orders
   set state = 'unclear', provider_ref = :providerRef, payment_ref = :paymentRef, pay_url = null,
       credit_nanos = :creditNanos, rate = :rate, came_at = current_timestamp(3),
       came_minor = :cameMinor, came_currency = :cameCurrency
 where id = :id
   and (state in ('created', 'pending') or (:mayHaveEnded = 1 and state in ('expired', 'failed')))
