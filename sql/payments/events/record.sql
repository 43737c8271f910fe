-- The first verdict stands: what an event came to is what it came to when it came first.
-- returns count
-- :provider PaymentProviderName
-- :eventId string
-- :eventKind string
-- :orderId number?
-- :verdict EventVerdict
insert into payment_events (provider, event_id, kind, order_id, verdict)
values (:provider, :eventId, :eventKind, :orderId, :verdict)
on duplicate key update times = times + 1
