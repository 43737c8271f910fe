-- The primary key lets one of all who bring the same thing through.
-- returns count
-- :digest bytes
-- :minutes number
insert ignore into spent_once (digest, expires_at)
values (:digest, current_timestamp(3) + interval :minutes minute)
