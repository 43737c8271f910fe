-- old relays: may run
-- What an account is subscribed to, what each period costs it, and what becomes of it. Without a
-- plan it is credit that the operator gives. In grace `renews_at` is when that is over.
alter table subscriptions add column plan_id bigint null,
                          add column price_nanos bigint not null default 0,
                          add column in_grace tinyint not null default 0,
                          add column next_plan_id bigint null,
                          add column canceled_at datetime(3) null,
                          add column ends_at datetime(3) null,
                          algorithm = instant
