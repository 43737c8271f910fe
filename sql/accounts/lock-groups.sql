-- All there are: whoever changes a group, or who is in it, locks them first and accounts after. There
-- are few, and they change rarely.
-- returns many
select name, factor from account_groups order by name for update
