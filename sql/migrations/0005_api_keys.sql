-- old relays: may run
create table if not exists api_keys (
  id bigint not null auto_increment primary key,
  account_id bigint not null,
  digest binary(32) not null,
  name varchar(100) not null,
  prefix char(7) character set ascii collate ascii_bin not null,
  last_four char(4) character set ascii collate ascii_bin not null,
  expires_at datetime(3) null,
  budget_nanos bigint null,
  spent_nanos bigint not null default 0,
  held_nanos bigint not null default 0,
  models varchar(4000) null,
  revoked_at datetime(3) null,
  last_used_at datetime(3) null,
  created_at datetime(3) not null default current_timestamp(3),
  constraint api_keys_held check (held_nanos >= 0),
  unique key api_keys_digest (digest),
  key api_keys_account (account_id, id)
) engine = innodb default charset = utf8mb4
