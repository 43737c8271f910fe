-- What is used up stays so, which needs no lock to know.
-- returns maybe
-- :digest bytes
select id, uses_left as usesLeft from codes where digest = :digest
