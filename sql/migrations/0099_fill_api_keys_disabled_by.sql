-- old relays: may run
-- Who disabled a key before that was kept with it, by the account's log. Whom the log does not name is
-- whoever runs this relay, whose keys those are to enable.
update api_keys k
  join (select account_id, subject, max(id) as id from account_log
         where action = 'key disable' group by account_id, subject) last
    on last.account_id = k.account_id and last.subject = concat('key ', k.id)
  join account_log l on l.id = last.id
   set k.disabled_by = l.user_id
 where k.disabled_at is not null and k.disabled_by is null
