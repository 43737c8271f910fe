import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseTrouble } from './trouble.ts'

test('a database that cannot do it now is told from one that cannot be reached, with a cure', () => {
  const cases: [{ errno: number; code: string }, RegExp][] = [
    [
      { errno: 1114, code: 'ER_RECORD_FILE_FULL' },
      /no room left; make some .*\(ER_RECORD_FILE_FULL/,
    ],
    [{ errno: 1021, code: 'ER_DISK_FULL' }, /no room left/],
    [{ errno: 1290, code: 'ER_OPTION_PREVENTS_STATEMENT' }, /is read-only; set the server that/],
    [{ errno: 1040, code: 'ER_CON_COUNT_ERROR' }, /all the connections it takes; let it take more/],
    [{ errno: 1037, code: 'ER_OUTOFMEMORY' }, /cannot do this now; its own log says why/],
    [{ errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }, /too busy/],
    [{ errno: -111, code: 'ECONNREFUSED' }, /nothing listens there/],
  ]
  for (const [error, words] of cases) assert.match(databaseTrouble(error) ?? '', words)
  assert.equal(databaseTrouble({ errno: 1064, code: 'ER_PARSE_ERROR' }), undefined)
})
