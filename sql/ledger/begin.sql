-- Opens a money transaction. The first statement after it is the locking read of the accounts.
-- returns count
start transaction
