-- What an account pays is its own factor, else its group's, else the price itself.
-- returns many
-- :rows number
select concat('account ', a.id) as subject,
       concat('factor ', coalesce(a.own_factor, g.factor, 10000),
              if(a.group_name is not null and g.name is null,
                 concat(', and a group ', a.group_name), '')) as expected,
       concat('factor ', a.factor) as found
  from accounts a left join account_groups g on g.name = a.group_name
 where a.factor <> coalesce(a.own_factor, g.factor, 10000)
    or (a.group_name is not null and g.name is null)
 limit :rows
