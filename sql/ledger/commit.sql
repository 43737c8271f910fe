-- returns count
commit
