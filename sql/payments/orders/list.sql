-- Orders with numbers below one of them, the newest first, narrowed by whatever is given.
-- returns many
-- :accountId number?
-- :state OrderState?
-- :provider PaymentProviderName?
-- :idFrom bytes
-- :idTo bytes
-- :before number
-- :rows number
-- column provider PaymentProviderName
-- column planOutcome PlanOutcome
-- column state OrderState
select id, public_id as publicId, account_id as accountId, user_id as userId, provider, currency,
       amount_minor as amountMinor, credit_nanos as creditNanos, rate, plan_id as planId,
       plan_outcome as planOutcome, state, provider_ref as providerRef,
       payment_ref as paymentRef, pay_url as payUrl, reversed_minor as reversedMinor,
       taken_nanos as takenNanos, created_at as createdAt, expires_at as expiresAt,
       paid_at as paidAt, asked_at as askedAt, came_at as cameAt, came_minor as cameMinor,
       came_currency as cameCurrency
  from orders
 where (:accountId is null or account_id = :accountId)
   and (:state is null or state = :state)
   and (:provider is null or provider = :provider)
   and public_id between :idFrom and :idTo
   and id < :before
 order by id desc limit :rows
