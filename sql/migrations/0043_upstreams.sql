-- old relays: may run
-- Where calls can go. The definition is JSON (app/upstreams/definition.ts); `version` tells whoever
-- changes it that somebody else has.
create table if not exists upstreams (
  name varchar(50) character set ascii collate ascii_bin not null primary key,
  definition text not null,
  state varchar(20) character set ascii collate ascii_bin not null default 'on',
  priority int not null default 0,
  weight int not null default 100,
  version bigint not null default 1,
  created_at datetime(3) not null default current_timestamp(3),
  changed_at datetime(3) not null default current_timestamp(3) on update current_timestamp(3)
) engine = innodb default charset = utf8mb4
