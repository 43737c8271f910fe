-- returns count
-- :rows number
delete from sessions where expires_at < current_timestamp(3) limit :rows
