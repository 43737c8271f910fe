-- returns count
-- :accountId number
-- :name string
update accounts set name = :name where id = :accountId
