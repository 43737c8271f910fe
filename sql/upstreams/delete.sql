-- returns count
-- :name string
delete from upstreams where name = :name
