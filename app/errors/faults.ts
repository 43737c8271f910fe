/**
 * What a failed statement means for its transaction (reference: MySQL 8.0 "InnoDB Error Handling",
 * MariaDB KB error codes, TiDB error codes).
 * - `again`: rolled back or to be rolled back; the whole transaction may simply run once more.
 * - `lost`: no answer came. If COMMIT had been sent the outcome is unknown.
 * - `refused`: the statement itself is wrong or a guard fired; repeating it changes nothing.
 */
type Fault = 'again' | 'lost' | 'refused'

// Deadlock; lock wait timeout; snapshot isolation (MariaDB ≥ 11.6.2); the statement killed or out of
// time; TiDB write conflicts.
const again = new Set([1213, 1205, 1020, 1317, 1969, 3024, 8002, 8022, 8028, 9007])
// Server shutting down, connection killed, node not ready, too many connections; a server that has
// become read-only (failover), which a new connection leaves behind.
const lost = new Set([1053, 1927, 1047, 1040, 1152, 1159, 1161, 1077, 1079, 1184, 3169, 1290, 1836])

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
