-- old relays: may run
-- When somebody last took away a way to sign in: written by whoever does it, so that of two who do it
-- at once at different nodes of a cluster one is rolled back.
alter table users add column unlinked_at datetime(3) null, algorithm = instant
