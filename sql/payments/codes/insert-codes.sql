-- returns count
-- :codes (batchId number, digest bytes, usesLeft number)[]
insert into codes (batch_id, digest, uses_left)
values :codes
