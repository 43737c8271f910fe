-- old relays: may run
-- The only models that accounts of a group may call, as a list in JSON; null for all. Older relays let
-- them call all: no list is to be set before the last of them is gone.
alter table account_groups add column models varchar(4000) character set utf8mb4 null,
                           algorithm = instant
