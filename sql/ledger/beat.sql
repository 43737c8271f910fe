-- Says that a relay lives, and since when without a break. After one, be it of this process, of its
-- machine, of the way here or of the database's own clock, it counts anew, in the same statement: so
-- nobody ever sees a beat of a relay that has slept and is not known to have.
-- returns count
-- :id bytes
-- :host string
-- :pid number
-- :breakSeconds number
insert into relays (id, host, pid) values (:id, :host, :pid)
    on duplicate key update
       steady_since = if(heartbeat_at < current_timestamp(3) - interval :breakSeconds second,
                         current_timestamp(3), steady_since),
       heartbeat_at = current_timestamp(3)
