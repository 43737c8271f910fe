-- returns count
-- :digest bytes
update sessions set used_at = current_timestamp(3) where digest = :digest
