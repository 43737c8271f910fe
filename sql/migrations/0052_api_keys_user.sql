-- old relays: may run
-- Whose a key is; null, as older relays and operators make them, the account's own.
alter table api_keys add column user_id bigint null,
                     algorithm = instant
