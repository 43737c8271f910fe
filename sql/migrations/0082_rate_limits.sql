-- old relays: may run
-- How many requests and tokens a minute, and calls at once; null is what a wider scope says, 0 is no
-- limit whatever that says. Older relays limit nobody.
create table if not exists rate_limits (
  scope varchar(20) character set ascii collate ascii_bin not null,
  subject varchar(100) character set utf8mb4 collate utf8mb4_bin not null,
  requests int unsigned null,
  tokens int unsigned null,
  calls int unsigned null,
  burst_seconds int unsigned null,
  version bigint not null,
  created_at datetime(3) not null default current_timestamp(3),
  primary key (scope, subject)
) engine = innodb default charset = utf8mb4
