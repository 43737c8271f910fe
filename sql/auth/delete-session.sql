-- returns count
-- :digest bytes
delete from sessions where digest = :digest
