-- Claims an identity; the primary key lets one of two racing sign-ins through.
-- returns count
-- :provider IdentityProvider
-- :providerUserId string
-- :userId number
insert ignore into identities (provider, provider_user_id, user_id)
values (:provider, :providerUserId, :userId)
