-- How many there are of what is bounded.
-- returns one
-- :name string
select (select count(*) from upstreams) as upstreams,
       (select count(*) from upstream_keys where upstream = :name) as apiKeys,
       (select count(*) from upstream_models where upstream = :name) as models
