-- returns maybe
-- :accountId number
-- :id number
-- column role Role
select role, for_whom as forWhom from invitations where id = :id and account_id = :accountId
