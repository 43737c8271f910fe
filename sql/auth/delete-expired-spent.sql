-- returns count
-- :rows number
delete from spent_once where expires_at < current_timestamp(3) limit :rows
