-- What those of a group pay who have no factor of their own. All of them are locked.
-- returns count
-- :ids number[]
-- :factor number
update accounts force index (primary) set factor = :factor
 where id in (:ids) and own_factor is null
