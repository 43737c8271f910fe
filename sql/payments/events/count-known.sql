-- Whether an event has come before.
-- returns one
-- :provider PaymentProviderName
-- :eventId string
select count(*) as events from payment_events where provider = :provider and event_id = :eventId
