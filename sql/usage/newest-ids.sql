-- One stretch of the account's index; nothing else is touched.
-- returns many
-- :accountId number
-- :from bytes
-- :to bytes
-- :rows number
select id from calls force index (calls_account)
 where account_id = :accountId and id >= :from and id < :to
 order by id desc limit :rows
