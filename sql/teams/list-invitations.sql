-- The newest first, and what became of them.
-- returns many
-- :accountId number
-- :rows number
-- column role Role
-- column state InvitationState
select i.id, i.role, i.cap_nanos as capNanos, i.for_whom as forWhom, i.created_at as createdAt,
       i.expires_at as expiresAt, m.name as madeBy, u.name as usedBy,
       case when i.revoked_at is not null then 'revoked'
            when i.used_at is not null then 'used'
            when i.expires_at <= current_timestamp(3) then 'expired'
            else 'open' end as state
  from invitations i
  left join users m on m.id = i.made_by
  left join users u on u.id = i.used_by
 where i.account_id = :accountId
 order by i.id desc limit :rows
