-- old relays: may run
create table if not exists models (
  name varchar(100) character set ascii collate ascii_bin not null primary key,
  kind varchar(20) character set ascii collate ascii_bin not null,
  context_tokens int not null,
  output_tokens_max int not null,
  reasoning tinyint not null,
  vision tinyint not null,
  owned_by varchar(50) character set ascii collate ascii_bin not null default 'openai',
  enabled tinyint not null default 1,
  retires_on date null,
  created_at datetime(3) not null default current_timestamp(3)
) engine = innodb default charset = utf8mb4
