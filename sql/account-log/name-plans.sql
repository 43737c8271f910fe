-- What plans are called, also those that are sold no more.
-- returns many
-- :ids number[]
select id, name from plans where id in (:ids)
