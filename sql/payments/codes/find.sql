-- returns maybe
-- :digest bytes
select id from codes where digest = :digest
