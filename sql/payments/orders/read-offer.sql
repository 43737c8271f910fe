-- Whether a plan is on sale, as its terms were when it was ordered, and to this account. Terms of a
-- plan never change: others are another row.
-- returns maybe
-- :planId number
-- :accountId number
select coalesce(p.sold_as is not null
                and (p.group_name is null or p.group_name = a.group_name), 0) as isOffered
  from plans p join accounts a on a.id = :accountId
 where p.id = :planId
