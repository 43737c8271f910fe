-- The people of an account, with what they have chosen and where their mail goes: an address that
-- they have confirmed, else the one that their provider has verified.
-- returns many
-- :accountId number
-- :rows number
-- column role Role
select u.id as userId, coalesce(m.role, 'owner') as role,
       coalesce(c.mail, 1) as mail, coalesce(c.muted, '') as muted,
       case when a.confirmed_at is null then u.email else a.address end as address
  from (select user_id as id from memberships where account_id = :accountId and left_at is null
        union
        select h.id from users h
          left join memberships o on o.account_id = h.account_id and o.user_id = h.id
         where h.account_id = :accountId and o.user_id is null) p
  join users u on u.id = p.id
  left join memberships m on m.account_id = :accountId and m.user_id = u.id
  left join notice_choices c on c.account_id = :accountId and c.user_id = u.id
  left join notice_addresses a on a.user_id = u.id
 order by u.id
 limit :rows
