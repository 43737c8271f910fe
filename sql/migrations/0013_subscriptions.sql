-- old relays: may run
-- The monthly plan credit of an account, and when it is next renewed.
create table if not exists subscriptions (
  account_id bigint not null primary key,
  monthly_nanos bigint not null,
  anchor_day tinyint not null,
  renews_at datetime(3) not null,
  created_at datetime(3) not null default current_timestamp(3),
  key subscriptions_renewal (renews_at)
) engine = innodb default charset = utf8mb4
