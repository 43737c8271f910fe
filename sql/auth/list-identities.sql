-- returns many
-- :userId number
-- column provider IdentityProvider
select provider, provider_user_id as providerUserId, created_at as linkedAt
  from identities where user_id = :userId order by provider, created_at
