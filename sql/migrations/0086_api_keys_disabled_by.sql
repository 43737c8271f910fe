-- old relays: may run
-- Who disabled a key; null for whoever runs this relay, and for an older one. What its own person has
-- not disabled they do not enable.
alter table api_keys add column disabled_by bigint null, algorithm = instant
