-- returns maybe
-- :userId number
-- :hours number
select address, nonce, confirmed_at as confirmedAt,
       asked_at > current_timestamp(3) - interval :hours hour as isFresh
  from notice_addresses where user_id = :userId
