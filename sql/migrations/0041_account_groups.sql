-- old relays: may run
-- Accounts that pay the same: so many basis points of the price.
create table if not exists account_groups (
  name varchar(50) character set ascii collate ascii_bin not null primary key,
  factor int unsigned not null,
  created_at datetime(3) not null default current_timestamp(3)
) engine = innodb default charset = utf8mb4
