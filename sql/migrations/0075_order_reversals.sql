-- old relays: may run
-- Refunds and disputes of orders: how much of the payment each takes back, and of the credit.
create table if not exists order_reversals (
  id bigint not null auto_increment primary key,
  order_id bigint not null,
  kind varchar(10) character set ascii collate ascii_bin not null,
  state varchar(10) character set ascii collate ascii_bin not null,
  provider varchar(20) character set ascii collate ascii_bin not null,
  provider_ref varchar(191) character set ascii collate ascii_bin null,
  amount_minor bigint not null,
  nanos bigint not null,
  actor varchar(100) not null,
  created_at datetime(3) not null default current_timestamp(3),
  unique key order_reversals_provider_ref (provider, provider_ref),
  key order_reversals_order (order_id, id)
) engine = innodb default charset = utf8mb4
