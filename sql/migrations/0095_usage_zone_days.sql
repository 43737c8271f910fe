-- old relays: may run
-- What an account's quarters come to by the days of a zone: made of usage_quarters, to read fewer rows.
create table if not exists usage_zone_days (
  account_id bigint not null,
  zone varchar(50) character set ascii collate ascii_bin not null,
  day date not null,
  key_id bigint not null,
  model varchar(100) character set utf8mb4 collate utf8mb4_bin not null,
  status_code smallint not null,
  outcome varchar(20) character set ascii collate ascii_bin not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (account_id, zone, day, key_id, model, status_code, outcome)
) engine = innodb default charset = utf8mb4
