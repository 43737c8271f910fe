-- old relays: may run
-- Codes that were made together: what each is worth, and until when. Nothing of it changes but
-- whether it was canceled.
create table if not exists code_batches (
  id bigint not null auto_increment primary key,
  name varchar(100) not null,
  value_nanos bigint not null,
  plan_id bigint null,
  months smallint null,
  codes int not null,
  uses int not null,
  expires_at datetime(3) null,
  canceled_at datetime(3) null,
  created_by varchar(100) not null,
  created_at datetime(3) not null default current_timestamp(3)
) engine = innodb default charset = utf8mb4
