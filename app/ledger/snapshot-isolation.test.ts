import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { compileTests } from '../../dev/compile-tests.ts'
import { childEnvironment } from '../../dev/command/environment.ts'
import { startMariadb } from '../../dev/servers/mariadb.ts'
import { makeTestFolder } from '../../dev/test-folder.ts'
import { migrate } from '../db/db.server.ts'
import { runSql } from '../../test/sql.ts'

const folder = await makeTestFolder()
const mariadb = await startMariadb({
  dir: folder.path,
  options: ['--innodb-snapshot-isolation=ON'],
})
after(async () => {
  await mariadb.stop()
  folder.remove()
})

/**
 * The files here whose transactions meet each other, or read all from one moment; the rest of the
 * ledger is tried with it by `npm run check -- engines`, on a MariaDB that has it on.
 */
const meets =
  /^(budgets|credit|crowd|factors|history|keys-in-a-batch|ledger|locked-accounts|plans|repair|sweep|verify)\./
const files = readdirSync('app/ledger')
  .filter((name) => name.endsWith('.test.ts') && meets.test(name))
  .map((name) => `app/ledger/${name}`)

// Half of the crowds: the others differ only in their seeds.
const names = String.raw`^(?!.*\(seed \d\d\))`

test('transactions that meet do as well with innodb_snapshot_isolation, the default of MariaDB 11.6', async () => {
  const isOn = await runSql(mariadb.url(), 'select @@innodb_snapshot_isolation as isOn')
  assert.deepEqual(isOn, [{ isOn: 1 }])

  const template = 'template'
  await mariadb.createDatabase(template)
  await migrate(mariadb.url(template))
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--test',
      '--test-concurrency=2',
      '--test-reporter=tap',
      `--test-name-pattern=${names}`,
      ...(await compileTests(files, join(folder.path, 'programs'))),
    ],
    {
      env: childEnvironment({
        TEST_DATABASE_URL: mariadb.url(),
        TEST_DATABASE_TEMPLATE: template,
        NODE_TEST_CONTEXT: undefined,
      }),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const words: string[] = []
  child.stdout.on('data', (chunk: Buffer) => words.push(chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const said = words.join('')
  assert.equal(code, 0, said)
  assert.match(said, /^# fail 0$/m)
})
