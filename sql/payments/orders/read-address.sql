-- returns maybe
-- :accountId number
select name, billing_address as address from accounts where id = :accountId
