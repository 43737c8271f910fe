-- returns count
-- :callIds bytes[]
delete from holds where call_id in (:callIds)
