-- returns maybe
-- :provider IdentityProvider
-- :providerUserId string
select u.id as userId, u.account_id as accountId, u.name as name
  from identities i join users u on u.id = i.user_id
 where i.provider = :provider and i.provider_user_id = :providerUserId
