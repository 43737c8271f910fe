-- The primary key lets one of many repeated requests through: 1 for the first, 0 for the others.
-- returns count
-- :token bytes
insert ignore into form_tokens (token) values (:token)
