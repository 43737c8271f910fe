-- returns count
-- :days number
-- :rows number
delete from troubles where seen_at < current_timestamp(3) - interval :days day limit :rows
