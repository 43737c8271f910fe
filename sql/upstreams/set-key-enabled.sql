-- returns count
-- :upstream string
-- :name string
-- :enabled number
update upstream_keys set enabled = :enabled where upstream = :upstream and name = :name
