-- old relays: may run
-- Links that let somebody into an account, once. Of a link its digest alone is kept.
create table if not exists invitations (
  id bigint not null auto_increment primary key,
  account_id bigint not null,
  digest binary(32) not null,
  role varchar(20) character set ascii collate ascii_bin not null,
  cap_nanos bigint null,
  for_whom varchar(200) null,
  made_by bigint not null,
  created_at datetime(3) not null default current_timestamp(3),
  expires_at datetime(3) not null,
  used_at datetime(3) null,
  used_by bigint null,
  revoked_at datetime(3) null,
  unique key invitations_digest (digest),
  key invitations_account (account_id, id)
) engine = innodb default charset = utf8mb4
