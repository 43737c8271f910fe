-- old relays: may run
-- Every period that began, with what it cost and gave: each has its two entries in the ledger, whose
-- refs it names. Nothing updates or deletes a row.
create table if not exists plan_periods (
  ref varchar(150) character set ascii collate ascii_bin not null primary key,
  fee_ref varchar(150) character set ascii collate ascii_bin null,
  account_id bigint not null,
  plan_id bigint null,
  credit_nanos bigint not null,
  price_nanos bigint not null,
  began_at datetime(3) not null,
  ends_at datetime(3) not null,
  unique key plan_periods_fee (fee_ref),
  key plan_periods_account (account_id, began_at)
) engine = innodb default charset = utf8mb4
