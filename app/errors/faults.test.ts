import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faultOf } from './faults.ts'

type Meaning = ReturnType<typeof faultOf>

/** Error numbers of MariaDB, MySQL, Galera and TiDB, each with what was seen to bring it about. */
const meanings: Record<Meaning, Record<number, string>> = {
  again: {
    1213: 'a deadlock',
    1205: 'a lock that was waited for in vain',
    3572: 'a lock that was not to be waited for',
    1020: 'a row that has changed under snapshot isolation',
    1317: 'a statement that somebody has ended',
    1969: 'the time of a statement, on MariaDB',
    3024: 'the time of a statement, on MySQL',
    1305: 'a transaction that an applier of a cluster has rolled back',
    3101: 'a transaction that the group of MySQL has refused',
    8005: 'a write conflict on TiDB',
  },
  lost: {
    1040: 'too many connections',
    1203: 'too many connections of this user',
    1226: 'as many as this user may have, in an hour or at once',
    1135: 'no thread for a connection',
    1047: 'a node of Galera that is not ready, or on the smaller side',
    1053: 'a server that is shutting down',
    1927: 'a connection that was killed',
    4031: 'a connection that was idle for too long',
    1158: 'the network',
    1159: 'the network',
    1160: 'the network',
    1161: 'the network',
    2013: 'the network, as the client has it',
    1290: 'a server that was made read-only',
    1836: 'a server that was made read-only, on MySQL',
    1180: 'a COMMIT that failed in the engine',
    3100: 'a COMMIT that failed in a hook of replication',
    9002: 'a store of TiDB that does not answer',
  },
  unable: {
    1114: 'a table, and with it a disk, that is full',
    1021: 'a disk that is full',
    1026: 'a file that could not be written',
    1030: 'an engine that failed',
    1036: 'a table that is read-only',
    1037: 'no memory',
    1038: 'no memory to sort in',
    1041: 'no memory',
    1105: 'an unknown error',
    1206: 'no memory for locks',
    1461: 'as many statements as may be prepared',
    1534: 'a binlog that takes no row',
    1637: 'as many transactions as there may be',
    1878: 'a temporary file that could not be written',
    3675: 'a tablespace that cannot be made larger',
    3989: 'a file of an engine that could not be written',
    4999: 'a number that nobody has heard of',
    8175: 'as much memory as a statement may have on TiDB',
  },
  refused: {
    1048: 'no value where there must be one',
    1062: 'a key that is there already',
    1064: 'a text that is no statement',
    1146: 'a table that is not there',
    1264: 'a number that is out of range',
    1406: 'a text that is too long',
    1526: 'a row that no partition takes',
    1644: 'a guard of somebody else',
    1690: 'a number that is out of range',
    1142: 'a right that is missing',
    3819: 'a guard of the schema, on MySQL',
    4025: 'a guard of the schema, on MariaDB',
  },
}

describe('an error of the server', () => {
  for (const [meaning, numbers] of Object.entries(meanings))
    for (const [errno, what] of Object.entries(numbers))
      test(`is "${meaning}" where it says ${errno}: ${what}`, () => {
        assert.equal(faultOf({ errno: Number(errno) }), meaning)
      })

  test('is only a mistake of ours where a closed list says so', () => {
    const numbers = Array.from({ length: 12_000 }, (_, errno) => errno + 1)
    const refused = numbers.filter((errno) => faultOf({ errno }) === 'refused')
    assert.ok(refused.length < 120, `${refused.length} are refused`)
  })
})

test('what the network says is a loss, and what the program says is a mistake', () => {
  for (const code of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST'])
    assert.equal(faultOf({ code, errno: -1 }), 'lost')
  assert.equal(faultOf({ fatal: true, code: 'HANDSHAKE_NO_SSL_SUPPORT' }), 'lost')
  assert.equal(faultOf(new TypeError('a mistake of ours')), 'refused')
})
