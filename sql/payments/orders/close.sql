-- Nothing is given for it: what came in goes back at its provider's.
-- returns count
-- :id number
update orders set state = 'closed' where id = :id and state = 'unclear'
