-- old relays: may run
-- A key may be disabled for a while, used from some addresses only, and have a new secret beside which
-- the old one works until some moment; `secret_no` counts its secrets. Older relays know nothing of it:
-- no key is to be disabled, bound to addresses or rotated before the last of them is gone.
alter table api_keys add column disabled_at datetime(3) null,
                     add column addresses varchar(1000) character set ascii collate ascii_bin null,
                     add column secret_no int unsigned not null default 0,
                     add column old_digest binary(32) null,
                     add column old_until datetime(3) null,
                     algorithm = instant
