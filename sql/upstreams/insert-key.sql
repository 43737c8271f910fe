-- One of that name stands.
-- returns count
-- :upstream string
-- :name string
-- :lastFour string
-- :sealed bytes
-- :sealedBy bytes
insert ignore into upstream_keys (upstream, name, last_four, sealed, sealed_by)
values (:upstream, :name, :lastFour, :sealed, :sealedBy)
