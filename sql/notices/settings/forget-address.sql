-- The row stays: how often its owner asked today is in it.
-- returns count
-- :userId number
update notice_addresses set address = '', confirmed_at = null where user_id = :userId
