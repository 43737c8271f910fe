-- Whose call this is.
-- returns maybe
-- :id bytes
select account_id as accountId from calls where id = :id
