import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'

import { runSql } from '../../test/sql.ts'
import { startMariadb, type Mariadb } from './mariadb.ts'
import { identify, isAlive } from './procfs.ts'

// A space and more than the 107 bytes of a socket's path, to hold the promise for any clone.
const parent = mkdtempSync(join(tmpdir(), 'private mariadb '))
const root = join(parent, 'x'.repeat(120))
const running: Mariadb[] = []
after(async () => {
  await Promise.all(running.map((mariadb) => mariadb.stop()))
  rmSync(parent, { recursive: true })
})

async function start(name: string, options: string[] = []): Promise<Mariadb> {
  const mariadb = await startMariadb({ dir: join(root, name), options })
  running.push(mariadb)
  return mariadb
}

describe('a private MariaDB', () => {
  test('keeps what was committed over kill -9 and starts again on the same port', async () => {
    const mariadb = await start('crash')
    await mariadb.createDatabase('books')
    const url = mariadb.url('books')
    await runSql(url, 'CREATE TABLE entries (id INT PRIMARY KEY)')
    await runSql(url, 'INSERT INTO entries VALUES (7)')
    await mariadb.kill9()
    await assert.rejects(runSql(url, 'SELECT 1'), { code: 'ECONNREFUSED' })
    await mariadb.restart()
    assert.deepEqual(await runSql(url, 'SELECT id FROM entries'), [{ id: 7 }])
  })

  test('says when it ends without having been asked', async () => {
    const mariadb = await start('death')
    process.kill(mariadb.pid, 'SIGKILL')
    assert.deepEqual(await mariadb.died, { code: null, signal: 'SIGKILL' })
  })

  test('is durable whatever the options say, strict and in UTC', async () => {
    const mariadb = await start('settings', [
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-snapshot-isolation=ON',
    ])
    const [row] = await runSql(
      mariadb.url(),
      `SELECT @@innodb_flush_log_at_trx_commit AS flush, @@innodb_snapshot_isolation AS snapshot,
        @@bind_address AS address, @@time_zone AS zone, @@character_set_server AS charset,
        @@sql_mode LIKE '%STRICT_ALL_TABLES%' AS strict`,
    )
    assert.deepEqual(row, {
      flush: 1,
      snapshot: 1,
      address: '127.0.0.1',
      zone: '+00:00',
      charset: 'utf8mb4',
      strict: 1,
    })
  })

  test('lets nobody in without its password, which only its user can read', async () => {
    const mariadb = await start('settings-again')
    const url = mariadb.url().replace(/:[^:@]+@/, ':wrong@')
    await assert.rejects(runSql(url, 'SELECT 1'), { code: 'ER_ACCESS_DENIED_ERROR' })
    const asRoot = mariadb.url().replace(/relay:[^:@]+@/, 'root:@')
    await assert.rejects(runSql(asRoot, 'SELECT 1'))
    for (const file of ['password', 'init.sql']) {
      assert.equal(statSync(join(root, 'settings-again', file)).mode & 0o777, 0o600)
    }
  })

  test('answers over its socket, with its password, and by TCP where the path is too long', async () => {
    const short = await startMariadb({ dir: join(parent, 'short') })
    running.push(short)
    assert.match(short.localUrl('mysql'), /^mysql:\/\/relay:.+@localhost\/mysql\?socketPath=/)
    const [row] = await runSql(short.localUrl(), `SELECT current_user() AS who`)
    assert.deepEqual(row, { who: 'relay@localhost' })
    const wrong = short.localUrl().replace(/:[^:@]+@/, ':wrong@')
    await assert.rejects(runSql(wrong, 'SELECT 1'), { code: 'ER_ACCESS_DENIED_ERROR' })
    const long = await start('long')
    assert.equal(long.localUrl('books'), long.url('books'))
  })

  test('two of them run side by side and know nothing of each other', async () => {
    const [one, two] = await Promise.all([start('one'), start('two')])
    await one.createDatabase('only_here')
    const names = await runSql(two.url(), `SHOW DATABASES LIKE 'only_here'`)
    assert.deepEqual(names, [])
    await one.dropDatabase('only_here')
    await assert.rejects(one.createDatabase('x; DROP DATABASE mysql'), RangeError)
  })

  test('throws away a data folder that was only half made', async () => {
    const half = join(root, 'half', 'data.unfinished')
    mkdirSync(join(half, 'mysql'), { recursive: true })
    writeFileSync(join(half, 'ibdata1'), 'half')
    await runSql((await start('half')).url(), 'SELECT 1')
    assert.equal(existsSync(half), false)
  })

  test('ends the server a killed parent left behind and takes its place', async () => {
    const orphan = await start('orphan')
    await orphan.createDatabase('kept')
    const identity = identify(orphan.pid)
    const successor = await start('orphan')
    assert.equal(identity && isAlive(identity), false)
    assert.equal((await runSql(successor.url(), `SHOW DATABASES LIKE 'kept'`)).length, 1)
  })

  test('does not touch a stranger that a stale pid file names', async () => {
    const stranger = spawn('sleep', ['600'], { cwd: root, stdio: 'ignore' })
    await once(stranger, 'spawn')
    const first = await start('stale')
    await first.kill9()
    writeFileSync(join(root, 'stale', 'data', 'mariadb.pid'), `${stranger.pid}\n`)
    await runSql((await start('stale')).url(), 'SELECT 1')
    assert.equal(stranger.exitCode ?? stranger.signalCode, null)
    assert.notEqual(identify(stranger.pid ?? 0), undefined)
    stranger.kill()
  })

  test('shows the end of its log when it cannot start', async () => {
    await assert.rejects(start('broken', ['--no-such-option']), {
      message:
        /MariaDB stopped while starting \(exit code \d+\).*unknown option '--no-such-option'/s,
    })
  })
})
