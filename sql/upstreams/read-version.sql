-- returns maybe
-- :name string
select version from upstreams where name = :name
