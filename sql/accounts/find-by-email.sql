-- Addresses are not unique: two people's providers may have told us the same one. The account that
-- was made for somebody is theirs also where no row says so yet.
-- returns many
-- :email string
-- :rows number
select account_id as accountId from users where email = :email
 union
select m.account_id as accountId from users u join memberships m on m.user_id = u.id
 where u.email = :email and m.left_at is null
 order by accountId limit :rows
