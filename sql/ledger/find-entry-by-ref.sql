-- returns maybe
-- :ref string
select account_id as accountId, seq from entries where ref = :ref
