-- old relays: may run
-- The cookie's secret is kept as a digest only: a copy of this table signs nobody in.
create table if not exists sessions (
  digest binary(32) not null primary key,
  user_id bigint not null,
  created_at datetime(3) not null default current_timestamp(3),
  used_at datetime(3) not null default current_timestamp(3),
  expires_at datetime(3) not null,
  user_agent varchar(200) null,
  key sessions_user (user_id),
  key sessions_expiry (expires_at)
) engine = innodb default charset = utf8mb4
