-- returns count
-- :rows number
delete from stored_responses where expires_at < current_timestamp(3) order by expires_at limit :rows
