-- old relays: may run
-- Where an account's notices are called out to. Its secret is made of `seed` and of a secret that is
-- not here; an old one signs beside it until `old_until`.
create table if not exists webhooks (
  account_id bigint not null primary key,
  url varchar(1000) character set ascii collate ascii_bin not null,
  seed binary(16) not null,
  old_seed binary(16) null,
  old_until datetime(3) null,
  muted varchar(400) character set ascii collate ascii_bin not null default '',
  changed_at datetime(3) not null default current_timestamp(3)
) engine = innodb default charset = utf8mb4
