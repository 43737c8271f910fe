-- Open orders whose provider is to be asked, or that are over: the longest since asked first.
-- returns many
-- :secondsLeast number
-- :secondsMax number
-- :rows number
-- column provider PaymentProviderName
-- column state OrderState
select id, public_id as publicId, account_id as accountId, user_id as userId, provider, currency,
       amount_minor as amountMinor, credit_nanos as creditNanos, rate, plan_id as planId,
       plan_outcome as planOutcome, state, provider_ref as providerRef,
       payment_ref as paymentRef, pay_url as payUrl, reversed_minor as reversedMinor,
       taken_nanos as takenNanos, created_at as createdAt, expires_at as expiresAt,
       paid_at as paidAt, asked_at as askedAt
  from orders
 where (state = 'pending'
        and (asked_at is null
             or timestampdiff(second, asked_at, current_timestamp(3))
                >= least(:secondsMax,
                         greatest(:secondsLeast,
                                  floor(timestampdiff(second, created_at, asked_at) / 4)))))
    or (state = 'created' and expires_at <= current_timestamp(3))
 order by asked_at limit :rows
