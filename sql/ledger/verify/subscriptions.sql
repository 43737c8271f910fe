-- Whoever is subscribed to a plan has begun the period that it is in, and what their plan credit pays
-- for is what that plan says; but for a month that was left out, which has no period; in grace the credit that is left is still of the one before. An
-- account without a subscription has none that pays for some models only.
-- returns many
-- :rows number
select concat('account ', a.id) as subject,
       if(s.plan_id is null, 'plan credit for all models',
          concat('a period of plan ', s.plan_id, ' until ', s.renews_at, ', for ',
                 coalesce(p.models, 'all models'))) as expected,
       concat(if(s.plan_id is null or d.ref is not null, '', 'no such period, '), 'for ',
              coalesce(a.plan_models, 'all models')) as found
  from accounts a
  left join subscriptions s on s.account_id = a.id
  left join plans p on p.id = s.plan_id
  left join plan_periods d on d.account_id = s.account_id and d.ends_at = s.renews_at
                          and d.plan_id = s.plan_id
 where coalesce(s.in_grace, 0) = 0
   and ((s.plan_id is not null and s.left_out = 0 and d.ref is null) or not (a.plan_models <=> p.models))
 limit :rows
