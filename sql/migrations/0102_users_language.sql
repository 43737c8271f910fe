-- old relays: may run
-- The language that a person has chosen for the pages; null: the one that their browser asks for.
alter table users add column language varchar(10) character set ascii collate ascii_bin null,
                  algorithm = instant
