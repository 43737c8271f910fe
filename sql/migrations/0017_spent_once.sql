-- old relays: may run
-- What works a single time, from when it has been used until it would have stopped working anyway.
create table if not exists spent_once (
  digest binary(32) not null primary key,
  expires_at datetime(3) not null,
  key spent_once_expiry (expires_at)
) engine = innodb default charset = utf8mb4
