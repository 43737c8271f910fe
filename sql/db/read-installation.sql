-- returns maybe
select name from installation where id = 1
