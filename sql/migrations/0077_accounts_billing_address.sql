-- old relays: may run
-- Whom receipts are made out to, as the customer writes it.
alter table accounts add column billing_address varchar(500) null,
                     algorithm = instant
