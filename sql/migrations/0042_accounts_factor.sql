-- old relays: may run
-- `factor` is what an account pays, in basis points of the price: its own where it has one, else its
-- group's. Whoever changes either writes it too, so that whoever holds the row's lock need not look. Older relays
-- charge everybody the plain price: no factor is to be set before the last of them is gone.
alter table accounts add column factor int unsigned not null default 10000,
                     add column own_factor int unsigned null,
                     add column group_name varchar(50) character set ascii collate ascii_bin null,
                     algorithm = instant
