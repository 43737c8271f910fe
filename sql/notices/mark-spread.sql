-- One of all that try has the notice for themselves.
-- returns count
-- :id bytes
update notices set spread_at = current_timestamp(3) where id = :id and spread_at is null
