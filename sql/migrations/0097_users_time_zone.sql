-- old relays: may run
-- By whose days a person is shown things: that of their browser, until they have chosen one.
alter table users add column time_zone varchar(50) character set ascii collate ascii_bin null,
                  add column zone_chosen tinyint not null default 0,
                  algorithm = instant
