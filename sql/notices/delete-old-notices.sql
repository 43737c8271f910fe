-- returns count
-- :days number
-- :rows number
delete from notices where spread_at < current_timestamp(3) - interval :days day limit :rows
