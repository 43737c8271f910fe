-- old relays: may run
-- The account that a session works in; null, and to older relays always, the one made for its person.
alter table sessions add column account_id bigint null,
                     algorithm = instant
