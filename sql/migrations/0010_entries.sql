-- old relays: may run
-- The append-only ledger. Nothing updates or deletes a row.
create table if not exists entries (
  account_id bigint not null,
  seq bigint not null,
  kind varchar(10) character set ascii collate ascii_bin not null,
  plan_nanos bigint not null,
  balance_nanos bigint not null,
  plan_after_nanos bigint not null,
  balance_after_nanos bigint not null,
  call_id binary(16) null,
  ref varchar(150) character set ascii collate ascii_bin null,
  actor varchar(100) null,
  note varchar(500) null,
  created_at datetime(3) not null default current_timestamp(3),
  primary key (account_id, seq),
  unique key entries_ref (ref)
) engine = innodb default charset = utf8mb4
