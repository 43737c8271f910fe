-- returns one
-- :beforeId bytes
select count(*) as open from holds where call_id < :beforeId
