/**
 * What a failed statement means for its transaction (reference: MySQL 8.0 "InnoDB Error Handling",
 * MariaDB KB error codes, TiDB error codes).
 * - `again`: rolled back or to be rolled back; the whole transaction may simply run once more.
 * - `lost`: no answer came. If COMMIT had been sent the outcome is unknown.
 * - `refused`: the statement itself is wrong or a guard fired; repeating it changes nothing.
 */
type Fault = 'again' | 'lost' | 'refused'

const again = new Set([
  // Deadlock; lock wait timeout or wait given up; snapshot isolation (MariaDB ≥ 11.6.2); killed or
  // out of time.
  1213, 1205, 1689, 1020, 1317, 1969, 3024,
  // The savepoint of a transaction that a cluster's applier has rolled back (see `lane.ts`); a
  // transaction that the group of MySQL has refused at COMMIT, and rolled back.
  1305, 3101,
  // Write conflicts and changed schemas of TiDB.
  8002, 8005, 8022, 8027, 8028, 9007,
  // Full disk, table, memory, list of locks or of transactions, a failed write of data or binlog, a
  // table or schema set read-only, and what has no number of its own. It passes when the operator
  // has made room; a settlement waits for that, and one that is too large alone is found by
  // splitting its batch.
  1021, 1026, 1030, 1036, 1037, 1038, 1041, 1105, 1114, 1206, 1534, 1637, 1878, 3015, 3989, 8001,
  8175, 9003,
])
const lost = new Set([
  // Server shutting down or offline, connection killed, cut, or left idle for too long; node not
  // ready, or its group choosing another primary; too many connections or threads, of one user too;
  // a server that has become read-only (failover), which a new connection leaves behind.
  1053, 3032, 3168, 1927, 3169, 4031, 1047, 3781, 3782, 3783, 4094, 1040, 1135, 1203, 1226, 1152,
  1184, 1290, 1836, 1077, 1079,
  // The network, as the server saw it, and as a proxy between us tells it.
  1156, 1158, 1159, 1160, 1161, 2002, 2003, 2006, 2013, 2055,
  // COMMIT (or the rollback after it) has failed in a handler, the binlog or a hook of replication:
  // it may have been done all the same, here or on the rest of the cluster.
  1180, 1181, 1593, 1598, 3100, 3797, 3798,
  // Stores and timestamps of TiDB that do not answer.
  8120, 9001, 9002, 9004, 9005,
])

export function faultOf(error: unknown): Fault {
  const { errno, code, fatal } = error as { errno?: number; code?: string; fatal?: boolean }
  if (errno !== undefined && errno > 0) {
    if (again.has(errno)) return 'again'
    if (lost.has(errno)) return 'lost'
    return 'refused'
  }
  // Socket errors carry a negative errno and a string code; mysql2 marks what ends a connection.
  if (fatal || /^(E[A-Z]+|PROTOCOL_.*|LANE_.*|CONNECTION_POOL:.*)$/.test(code ?? '')) return 'lost'
  return 'refused'
}
