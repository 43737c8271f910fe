-- returns count
rollback
