-- What an account pays of the prices, and which models it may call at all.
-- returns maybe
-- :id number
select a.factor, g.models as groupModels
  from accounts a left join account_groups g on g.name = a.group_name
 where a.id = :id
