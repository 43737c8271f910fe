-- old relays: may run
update api_keys k join (select account_id, min(id) as user_id from users group by account_id) u
                    on u.account_id = k.account_id
   set k.user_id = u.user_id
 where k.user_id is null
