-- One that is there stands. The first version is the time, so that no upstream is ever taken for one of
-- its name that was removed before.
-- returns count
-- :name string
-- :definition string
-- :state UpstreamState
-- :priority number
-- :weight number
insert ignore into upstreams (name, definition, state, priority, weight, version)
values (:name, :definition, :state, :priority, :weight,
        cast(floor(unix_timestamp(now(3)) * 1000) as signed))
