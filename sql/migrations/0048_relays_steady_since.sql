-- old relays: may run
-- Since when a relay has beaten without a break: only such a one may take others for dead.
alter table relays add column steady_since datetime(3) not null default current_timestamp(3)
