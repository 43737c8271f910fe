-- old relays: may run
-- A code is redeemed once a person, in whatever account.
alter table code_redemptions add unique key code_redemptions_person (code_id, user_id)
