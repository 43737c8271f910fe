-- No entry was booked before the one it follows: months are found by halving, so a fall would put
-- money into the wrong one. As chains does it: the entries in the order of their primary key, each
-- looking up the one before by the same key.
-- returns many
-- :rows number
select concat('account ', e.account_id, ' entry ', e.seq) as subject,
       concat('not before ', b.created_at) as expected,
       cast(e.created_at as char) as found
  from entries e
  join entries b on b.account_id = e.account_id and b.seq = e.seq - 1
 where e.created_at < b.created_at
 limit :rows
