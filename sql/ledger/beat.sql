-- returns count
-- :id bytes
-- :host string
-- :pid number
insert into relays (id, host, pid) values (:id, :host, :pid)
    on duplicate key update heartbeat_at = current_timestamp(3)
