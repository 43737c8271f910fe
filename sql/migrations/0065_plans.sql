-- old relays: may run
-- What can be subscribed to. A row's terms never change: whoever has it pays and gets what it said when
-- they chose it, and other terms are another row. `sold_as` is its name while it is on sale, so that
-- a name is on sale once. Relays older than this renew every subscription for nothing: no plan is
-- to be put on sale before the last of them is gone.
create table if not exists plans (
  id bigint not null auto_increment primary key,
  name varchar(60) not null,
  sold_as varchar(60) null,
  credit_nanos bigint not null,
  price_nanos bigint not null,
  models varchar(4000) null,
  group_name varchar(50) character set ascii collate ascii_bin null,
  rollover_nanos bigint not null default 0,
  grace_days int not null default 0,
  created_at datetime(3) not null default current_timestamp(3),
  withdrawn_at datetime(3) null,
  unique key plans_sold_as (sold_as)
) engine = innodb default charset = utf8mb4
