-- old relays: may run
-- The open reservations only: a row lives as long as its call.
create table if not exists holds (
  call_id binary(16) not null primary key,
  account_id bigint not null,
  key_id bigint not null,
  plan_nanos bigint not null,
  balance_nanos bigint not null,
  relay_id binary(16) not null,
  model varchar(100) character set ascii collate ascii_bin not null,
  price_id bigint not null,
  output_tokens_max int not null,
  streamed tinyint not null,
  started_at datetime(3) not null,
  created_at datetime(3) not null default current_timestamp(3),
  key holds_account (account_id),
  key holds_relay (relay_id)
) engine = innodb default charset = utf8mb4
