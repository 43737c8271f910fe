-- Below the account's lock. What their calls under way hold, they still close.
-- returns count
-- :accountId number
-- :userId number
update memberships set left_at = current_timestamp(3)
 where account_id = :accountId and user_id = :userId and left_at is null
