-- Whether there is what a limit is to be of; of a scope that is nobody's there is nothing to look for.
-- returns one
-- :limitScope LimitScope
-- :id number
-- :name string
select case :limitScope
         when 'account' then (select count(*) from accounts where id = :id)
         when 'key' then (select count(*) from api_keys where id = :id)
         when 'group' then (select count(*) from account_groups where name = :name)
         when 'model' then (select count(*) from models where name = :name)
         when 'model-total' then (select count(*) from models where name = :name)
         else 1
       end as found
