-- old relays: may run
-- Who a person is: the provider and the provider's own id of him, never his e-mail.
create table if not exists identities (
  provider varchar(20) character set ascii collate ascii_bin not null,
  provider_user_id varchar(190) character set ascii collate ascii_bin not null,
  user_id bigint not null,
  created_at datetime(3) not null default current_timestamp(3),
  primary key (provider, provider_user_id),
  key identities_user (user_id)
) engine = innodb default charset = utf8mb4
