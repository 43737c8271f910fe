-- old relays: may run
-- What a call of several upstreams is charged by, and what it went through. The factors are basis
-- points, null where there is none. `other_units` has what is no plain token, as JSON; `upstream_nanos`
-- what the operator pays by the upstream's own prices, null where they are not known; `tries` every
-- attempt of a call that took more than one, as JSON.
-- Instant, so that no replica waits for a copy of all calls.
alter table calls add column upstream_key varchar(50) character set ascii collate ascii_bin null,
                  add column price_factor int unsigned null,
                  add column account_factor int unsigned null,
                  add column other_units varchar(500) character set ascii collate ascii_bin null,
                  add column upstream_nanos bigint null,
                  add column tries text character set ascii collate ascii_bin null,
                  algorithm = instant
