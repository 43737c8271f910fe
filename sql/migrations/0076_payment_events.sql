-- old relays: may run
-- What providers have told us, by the number that they give it, and what came of it. Nothing of
-- anybody who paid.
create table if not exists payment_events (
  id bigint not null auto_increment primary key,
  provider varchar(20) character set ascii collate ascii_bin not null,
  event_id varchar(191) character set ascii collate ascii_bin not null,
  kind varchar(64) character set ascii collate ascii_bin not null,
  order_id bigint null,
  verdict varchar(20) character set ascii collate ascii_bin not null,
  times bigint not null default 1,
  received_at datetime(3) not null default current_timestamp(3),
  unique key payment_events_event (provider, event_id),
  key payment_events_order (order_id, id),
  key payment_events_received_at (received_at)
) engine = innodb default charset = utf8mb4
