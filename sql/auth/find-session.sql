-- Whose a session is, and the account it works in: `accountId` where it has chosen one that they are
-- in, beside the one that was made for them. `accountZone` is that of the account it works in.
-- returns maybe
-- :digest bytes
-- :idleHours number
-- column role Role
-- column homeRole Role
-- column language Language
select u.id as userId, u.name as name,
       m.account_id as accountId, m.role as role,
       u.account_id as homeAccountId,
       case when h.user_id is null then 'owner' when h.left_at is null then h.role end as homeRole,
       u.time_zone as zone, u.zone_chosen as zoneChosen, a.time_zone as accountZone,
       u.language as language,
       s.used_at < current_timestamp(3) - interval 5 minute as stale
  from sessions s join users u on u.id = s.user_id
  left join memberships m
         on m.account_id = s.account_id and m.user_id = u.id and m.left_at is null
  left join memberships h on h.account_id = u.account_id and h.user_id = u.id
 left join accounts a on a.id = coalesce(m.account_id, u.account_id)
 where s.digest = :digest and s.expires_at > current_timestamp(3)
   and s.used_at > current_timestamp(3) - interval :idleHours hour
