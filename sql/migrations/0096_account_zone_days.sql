-- old relays: may run
-- The same over everything that an account did, with the slots that the day has: from the first one up
-- to, and without, the second.
create table if not exists account_zone_days (
  account_id bigint not null,
  zone varchar(50) character set ascii collate ascii_bin not null,
  day date not null,
  from_slot int not null,
  to_slot int not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nanos bigint not null,
  primary key (account_id, zone, day)
) engine = innodb default charset = utf8mb4
