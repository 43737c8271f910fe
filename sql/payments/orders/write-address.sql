-- returns count
-- :accountId number
-- :address string?
update accounts set billing_address = :address where id = :accountId
