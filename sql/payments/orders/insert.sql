-- returns id
-- :publicId bytes
-- :accountId number
-- :userId number?
-- :provider PaymentProviderName
-- :currency string
-- :amountMinor number
-- :creditNanos number
-- :rate number
-- :planId number?
-- :openHours number
insert into orders (public_id, account_id, user_id, provider, currency, amount_minor, credit_nanos,
                    rate, plan_id, state, expires_at)
values (:publicId, :accountId, :userId, :provider, :currency, :amountMinor, :creditNanos, :rate,
        :planId, 'created', current_timestamp(3) + interval :openHours hour)
