-- old relays: may run
create unique index api_keys_old_digest on api_keys (old_digest)
