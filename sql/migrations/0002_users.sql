-- old relays: may run
create table if not exists users (
  id bigint not null auto_increment primary key,
  account_id bigint not null,
  name varchar(200) not null,
  email varchar(320) null,
  avatar_url varchar(500) null,
  created_at datetime(3) not null default current_timestamp(3),
  key users_account (account_id)
) engine = innodb default charset = utf8mb4
