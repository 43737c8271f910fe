-- old relays: may run
-- Who has redeemed what: once an account and code. entry_seq is the account's entry that it became.
create table if not exists code_redemptions (
  code_id bigint not null,
  account_id bigint not null,
  user_id bigint null,
  value_nanos bigint not null,
  plan_id bigint null,
  entry_seq bigint not null,
  redeemed_at datetime(3) not null,
  primary key (code_id, account_id),
  key code_redemptions_account (account_id, entry_seq)
) engine = innodb default charset = utf8mb4
