-- old relays: may run
-- What came in for an order, and when, where it could not be booked as it was: a person decides.
alter table orders add column came_at datetime(3) null,
                   add column came_minor bigint null,
                   add column came_currency varchar(3) character set ascii collate ascii_bin null
