-- returns count
-- :accountId number
-- :userId number
insert ignore into memberships (account_id, user_id, role) values (:accountId, :userId, 'owner')
