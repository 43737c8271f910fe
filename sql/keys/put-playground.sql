-- Run under the account's lock, with the key that it names.
-- returns count
-- :accountId number
-- :userId number
-- :keyId number
insert into playground_keys (account_id, user_id, key_id) values (:accountId, :userId, :keyId)
    on duplicate key update key_id = values(key_id)
