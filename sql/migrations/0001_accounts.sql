-- old relays: may run
-- One row is the lock of one customer's money and of everything below it.
create table if not exists accounts (
  id bigint not null auto_increment primary key,
  name varchar(200) not null,
  status varchar(20) character set ascii collate ascii_bin not null default 'active',
  plan_nanos bigint not null default 0,
  plan_held_nanos bigint not null default 0,
  balance_nanos bigint not null default 0,
  balance_held_nanos bigint not null default 0,
  entry_seq bigint not null default 0,
  created_at datetime(3) not null default current_timestamp(3),
  constraint accounts_plan_held check (plan_held_nanos >= 0),
  constraint accounts_balance_held check (balance_held_nanos >= 0),
  constraint accounts_plan check (plan_nanos >= 0)
) engine = innodb default charset = utf8mb4
