-- Who is in an account; whoever it was made for also where no row says so yet.
-- returns many
-- :accountId number
-- :rows number
-- column role Role
select u.id, u.name, u.email, u.created_at as createdAt, coalesce(m.role, 'owner') as role
  from users u left join memberships m on m.user_id = u.id and m.account_id = u.account_id
 where u.account_id = :accountId and m.left_at is null
 union
select u.id, u.name, u.email, u.created_at as createdAt, m.role
  from memberships m join users u on u.id = m.user_id
 where m.account_id = :accountId and m.left_at is null
 order by id limit :rows
