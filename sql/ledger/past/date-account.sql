-- An account is there before the first thing that happens on it; its statements begin there.
-- returns count
-- :id number
-- :since time
update accounts set created_at = :since where id = :id and created_at > :since
