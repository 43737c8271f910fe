-- Of two who go on from the same prices, the primary key lets one through; the other one waits for
-- the end of the first one's transaction before it is told.
-- returns count
-- :digest bytes
insert ignore into spent_once (digest, expires_at)
values (:digest, current_timestamp(3) + interval 10 minute)
