-- old relays: may run
-- What all keys of a member have spent and hold is summed up by it.
create index api_keys_user on api_keys (account_id, user_id)
