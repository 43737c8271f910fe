-- Below the account's lock, so that it is ordered before every later reservation. What it pays is its
-- own factor, else its group's.
-- returns count
-- :id number
-- :factor number
-- :ownFactor number?
-- :groupName string?
update accounts set factor = :factor, own_factor = :ownFactor, group_name = :groupName where id = :id
