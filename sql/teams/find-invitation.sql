-- returns maybe
-- :digest bytes
-- column role Role
-- column state InvitationState
select i.id, i.account_id as accountId, a.name as accountName, i.role, i.cap_nanos as capNanos,
       i.used_by as usedBy, u.name as madeBy, i.expires_at as expiresAt,
       case when i.revoked_at is not null then 'revoked'
            when i.used_at is not null then 'used'
            when i.expires_at <= current_timestamp(3) then 'expired'
            else 'open' end as state
  from invitations i
  join accounts a on a.id = i.account_id
  left join users u on u.id = i.made_by
 where i.digest = :digest
