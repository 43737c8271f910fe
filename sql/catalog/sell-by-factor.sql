-- Sells a model at so many basis points of what it costs; a factor that it has already stands.
-- returns count
-- :name string
-- :factor number
update models set sale_factor = :factor where name = :name and sale_factor is null
