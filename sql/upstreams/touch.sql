-- Takes the upstream's row, the lock of its keys and models, and says that they change.
-- returns count
-- :name string
update upstreams set version = version + 1 where name = :name
