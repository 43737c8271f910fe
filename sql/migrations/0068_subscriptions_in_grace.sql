-- old relays: may run
-- Those that wait for money are looked at often, and are few.
alter table subscriptions add key subscriptions_grace (in_grace, account_id)
