-- returns count
-- :digest bytes
-- :userId number
-- :hours number
-- :userAgent string?
insert into sessions (digest, user_id, expires_at, user_agent)
values (:digest, :userId, current_timestamp(3) + interval :hours hour, :userAgent)
