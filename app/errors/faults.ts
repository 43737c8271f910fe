/**
 * What a failed statement means for its transaction (reference: MySQL 8.0 "InnoDB Error Handling",
 * MariaDB KB error codes, TiDB error codes).
 * - `again`: rolled back or to be rolled back; the whole transaction may simply run once more.
 * - `lost`: no answer came, or one after which this connection is of no more use. If COMMIT had been
 *   sent the outcome is unknown.
 * - `unable`: the server cannot do it now, and says so: it is full, or in a state that nobody here
 *   has heard of. To be rolled back, and tried until it passes.
 * - `refused`: the statement itself is wrong or a guard fired; repeating it changes nothing.
 */
type Fault = 'again' | 'lost' | 'unable' | 'refused'

const again = new Set([
  // Deadlock; lock wait timeout, wait given up, or none begun; snapshot isolation (MariaDB ≥ 11.6.2); killed or
  // out of time; a table that was changed meanwhile.
  1213,
  1205, 1689, 3572, 1020, 1317, 1969, 3024, 1412, 1615,
  // The savepoint of a transaction that a cluster's applier has rolled back (see `lane.ts`); a
  // transaction that the group of MySQL has refused at COMMIT, and rolled back.
  1305, 3101,
  // Write conflicts and changed schemas of TiDB.
  8002, 8005, 8022, 8027, 8028, 9007,
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
/**
 * Closed: whatever is on no list is what the server cannot do now (1114, 1021, 1026, 1030, 1036,
 * 1037, 1038, 1041, 1206 and their like need no naming). A call is given away where that is
 * taken for a mistake of its own (docs/decisions/0022).
 */
const refused = new Set([
  // A value: null, twice, without its parent or with children, out of range, cut, not of its type;
  // a guard of the schema; a row that no partition takes.
  1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 1761, 1762, 1859, 1263, 1264,
  1265, 1292, 1300, 1365, 1366, 1367, 1406, 1411, 1690, 3140, 3141, 3156, 3157, 1526, 1748, 3819,
  3903, 4025, 1643, 1644, 1645,
  // The text: syntax, names and numbers of columns, functions, character sets, variables.
  1052, 1054, 1055, 1056, 1058, 1060, 1061, 1063, 1064, 1065, 1066, 1067, 1072, 1109, 1110, 1111,
  1115, 1136, 1140, 1149, 1166, 1193, 1221, 1222, 1228, 1229, 1231, 1232, 1235, 1238, 1241, 1242,
  1247, 1248, 1267, 1270, 1271, 1273, 1318, 1582, 1630,
  // What is not there, or there already, or no table of the kind it was taken for.
  1007, 1008, 1046, 1049, 1050, 1051, 1071, 1075, 1091, 1101, 1118, 1146, 1170, 1171, 1176, 1178,
  1196, 1197, 1347, 1506,
  // Rights; a statement that may not stand in its transaction; one that no packet takes.
  1044, 1045, 1142, 1143, 1153, 1179, 1227, 1251, 1370, 1410, 1419, 1568, 1698, 1792, 1130,
])

/** A row of that key is there already: somebody's, or one's own, of a COMMIT that had been done. */
export const doubleKey = 1062

export function faultOf(error: unknown): Fault {
  const { errno, code, fatal } = error as { errno?: number; code?: string; fatal?: boolean }
  if (errno !== undefined && errno > 0) {
    if (again.has(errno)) return 'again'
    if (lost.has(errno)) return 'lost'
    return refused.has(errno) ? 'refused' : 'unable'
  }
  // Socket errors carry a negative errno and a string code; mysql2 marks what ends a connection.
  if (fatal || /^(E[A-Z]+|PROTOCOL_.*|LANE_.*|CONNECTION_POOL:.*)$/.test(code ?? '')) return 'lost'
  return 'refused'
}
