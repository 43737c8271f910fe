-- returns count
-- :name string
-- :enabled number
update models set enabled = :enabled where name = :name
