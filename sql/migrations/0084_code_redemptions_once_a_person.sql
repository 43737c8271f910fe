-- old relays: may run
-- Before a code is once a person: who redeemed it in several accounts stays named in the first. The
-- account log has who it was in the others.
update code_redemptions later
  join code_redemptions first
    on first.code_id = later.code_id and first.user_id = later.user_id
   and first.account_id < later.account_id
   set later.user_id = null
