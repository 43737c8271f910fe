-- returns count
-- :provider IdentityProvider
-- :providerUserId string
-- :userId number
delete from identities
 where provider = :provider and provider_user_id = :providerUserId and user_id = :userId
