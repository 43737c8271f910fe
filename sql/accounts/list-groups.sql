-- returns many
select g.name, g.factor, g.created_at as createdAt, g.models, count(a.id) as members
  from account_groups g left join accounts a on a.group_name = g.name
 group by g.name, g.factor, g.created_at, g.models
 order by g.name
