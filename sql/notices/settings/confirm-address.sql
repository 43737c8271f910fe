-- returns count
-- :userId number
-- :nonce bytes
-- :hours number
update notice_addresses set confirmed_at = current_timestamp(3)
 where user_id = :userId and nonce = :nonce and confirmed_at is null
   and asked_at > current_timestamp(3) - interval :hours hour
