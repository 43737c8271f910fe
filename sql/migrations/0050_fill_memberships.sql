-- old relays: may run
insert ignore into memberships (account_id, user_id, role, joined_at)
select account_id, id, 'owner', created_at from users
