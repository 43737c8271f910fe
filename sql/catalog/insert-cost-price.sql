-- Two prices of one model at one upstream from one moment on are one too many: the first stands.
-- returns count
-- :scope string
-- :model string
-- :effectiveFrom time
-- :terms string
-- :source string
-- :actor string
insert ignore into cost_prices (scope, model, effective_from, terms, source, actor)
values (:scope, :model, :effectiveFrom, :terms, :source, :actor)
