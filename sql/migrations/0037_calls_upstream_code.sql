-- old relays: may run
-- The name that the upstream gave its error, or the network the lack of an answer; never its words.
-- Instant, so that no replica waits for a copy of all calls.
alter table calls add column upstream_code varchar(60) character set ascii collate ascii_bin null,
                  algorithm = instant
