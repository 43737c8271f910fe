-- Two prices of one model from one moment on are one too many: the first stands.
-- returns count
-- :model string
-- :effectiveFrom time
-- :terms string
-- :actor string
insert ignore into prices (model, effective_from, terms, actor)
values (:model, :effectiveFrom, :terms, :actor)
