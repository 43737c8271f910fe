-- old relays: may run
-- What somebody wants to be told of an account, where they have said so: else by mail, and of all
-- that their role in it may see. `muted` are kinds of notices with commas between them.
create table if not exists notice_choices (
  account_id bigint not null,
  user_id bigint not null,
  mail tinyint not null default 1,
  muted varchar(400) character set ascii collate ascii_bin not null default '',
  primary key (account_id, user_id)
) engine = innodb default charset = utf8mb4
