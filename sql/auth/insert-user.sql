-- returns id
-- :accountId number
-- :name string
-- :email string?
insert into users (account_id, name, email) values (:accountId, :name, :email)
