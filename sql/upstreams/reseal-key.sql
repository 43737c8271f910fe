-- returns count
-- :id number
-- :sealed bytes
-- :sealedBy bytes
update upstream_keys set sealed = :sealed, sealed_by = :sealedBy where id = :id
