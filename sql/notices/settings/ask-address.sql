-- Another address, or the same once more, unless it was asked for too often today. Assignments are
-- made from left to right: the day comes last.
-- returns count
-- :userId number
-- :address string
-- :nonce bytes
-- :most number
insert into notice_addresses (user_id, address, nonce, asks_on)
values (:userId, :address, :nonce, date(current_timestamp))
on duplicate key update
  nonce = if(asks_on = date(current_timestamp) and asks >= :most, nonce, :nonce),
  address = if(nonce = :nonce, :address, address),
  confirmed_at = if(nonce = :nonce, null, confirmed_at),
  asked_at = if(nonce = :nonce, current_timestamp(3), asked_at),
  asks = if(asks_on = date(current_timestamp), asks + 1, 1),
  asks_on = date(current_timestamp)
