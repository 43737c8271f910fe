-- old relays: may run
-- By whose midnight the account's days, weeks and months begin, as the IANA's list of zones names it.
alter table accounts add column time_zone varchar(50) character set ascii collate ascii_bin
                                not null default 'UTC',
                     algorithm = instant
