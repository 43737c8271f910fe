-- returns count
-- :id number
-- :state OrderState
update orders set state = :state, pay_url = null
 where id = :id and state in ('created', 'pending')
