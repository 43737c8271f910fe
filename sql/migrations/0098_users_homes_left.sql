-- old relays: may run
-- How many accounts that were made for somebody they have left: each time another one is made. Older
-- relays do not count.
alter table users add column homes_left int unsigned not null default 0, algorithm = instant
