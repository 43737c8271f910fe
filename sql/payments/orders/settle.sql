-- It is paid with what came in, for the credit that a person has said.
-- returns count
-- :id number
-- :creditNanos number
update orders
   set state = 'paid', paid_at = current_timestamp(3), credit_nanos = :creditNanos,
       amount_minor = came_minor
 where id = :id and state = 'unclear' and came_minor > 0 and came_currency = currency
