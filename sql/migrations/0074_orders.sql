-- old relays: may run
-- What somebody is to pay, and what they get for it; moved from state to state by compare-and-set
-- under the account's lock. The rate is kept in millionths, amounts in minor units.
create table if not exists orders (
  id bigint not null auto_increment primary key,
  public_id binary(16) not null,
  account_id bigint not null,
  user_id bigint null,
  provider varchar(20) character set ascii collate ascii_bin not null,
  currency varchar(3) character set ascii collate ascii_bin not null,
  amount_minor bigint not null,
  credit_nanos bigint not null,
  rate bigint not null,
  plan_id bigint null,
  plan_outcome varchar(40) character set ascii collate ascii_bin null,
  state varchar(20) character set ascii collate ascii_bin not null,
  provider_ref varchar(191) character set ascii collate ascii_bin null,
  payment_ref varchar(191) character set ascii collate ascii_bin null,
  pay_url varchar(2000) character set ascii collate ascii_bin null,
  reversed_minor bigint not null default 0,
  taken_nanos bigint not null default 0,
  created_at datetime(3) not null default current_timestamp(3),
  expires_at datetime(3) not null,
  paid_at datetime(3) null,
  asked_at datetime(3) null,
  unique key orders_public_id (public_id),
  unique key orders_provider_ref (provider, provider_ref),
  key orders_payment_ref (provider, payment_ref),
  key orders_account (account_id, id),
  key orders_state (state, id)
) engine = innodb default charset = utf8mb4
