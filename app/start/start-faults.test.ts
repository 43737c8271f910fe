import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { listen } from '../../dev/command/listen.ts'
import { testDatabase, testDatabaseServer } from '../../test/database.ts'
import { databaseFault, startFaults } from './start-faults.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
before(async () => (database = await testDatabase()))
after(() => database.drop())

const good = {
  NODE_ENV: 'test',
  RELAY_MODE: 'local',
  PORT: '0',
  REDIS_URL: 'redis://127.0.0.1',
  OPENAI_API_KEY: 'sk-upstream',
  SESSION_SECRET: 'a secret that is for tests alone, and long',
}

test('a database that answers is no fault, and neither is a port that is free', async () => {
  assert.deepEqual(await startFaults({ ...good, DATABASE_URL: database.url }), [])
})

test('what is wrong with a database is said in a sentence that names its variable', async () => {
  const refused = new URL(database.url)
  refused.password = 'hunter2'
  const cases: [string, RegExp][] = [
    [refused.href, /the server refuses this user or password; set the right ones/],
    [`${testDatabaseServer()}nowhere`, /has no database of that name; create it/],
    ['mysql://relay:hunter2@127.0.0.1:1/relay', /nothing listens there; start the database/],
    ['mysql://relay:hunter2@no-host.invalid/relay', /host/],
    ['mysql://relay:hunter2@localhost/relay?socketPath=/none', /no such socket/],
    ['postgres://relay:hunter2@127.0.0.1/relay', /must be an address that begins with mysql:/],
    ['mysql://relay:hunter2@127.0.0.1', /must end in the name of a database/],
  ]
  for (const [DATABASE_URL, words] of cases) {
    const [fault = '', ...more] = await startFaults({ ...good, DATABASE_URL })
    assert.match(fault, /^DATABASE_URL: /, DATABASE_URL)
    assert.match(fault, words)
    assert.doesNotMatch(fault, /hunter2|\n/)
    assert.deepEqual(more, [])
  }
})

test('of several hosts each that is wrong is named, and one that is well suffices', async () => {
  const { host } = new URL(database.url)
  const several = (hosts: string) => ({
    ...good,
    DATABASE_URL: database.url.replace(host, hosts),
  })
  const [fault = '', ...more] = await startFaults(several('127.0.0.1:1,no-host.invalid:3306'))
  assert.deepEqual(more, [])
  assert.match(
    fault,
    /^DATABASE_URL: none of its hosts can be used\. 127\.0\.0\.1:1: nothing listens/,
  )
  assert.match(fault, / no-host\.invalid:3306: [^.]*host/)
  assert.ok(!fault.includes(new URL(database.url).password))
  assert.deepEqual(await startFaults(several(`127.0.0.1:1,${host}`)), [])
  const [unread] = await startFaults(several(`127.0.0.1:1,,${host}`))
  assert.match(unread ?? '', /^DATABASE_URL: its host number 2 is empty/)
})

test('a server that accepts and says nothing is one that cannot be reached', async (t) => {
  const silent = createServer()
  t.after(() => silent.close())
  const port = await listen(silent)
  const fault = await databaseFault(`mysql://relay:x@127.0.0.1:${port}/relay`, false)
  assert.match(fault ?? '', /^DATABASE_URL: .*cannot be reached/)
})

test('a taken port and an address of others are said, with all else that is wrong', async (t) => {
  const taken = createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as { port: number }
  const faults = await startFaults({
    ...good,
    PORT: String(port),
    DATABASE_URL: 'mysql://relay:x@127.0.0.1:1/relay',
    OPENAI_API_KEY: undefined,
  })
  const names = faults.map((fault) => fault.split(':')[0])
  assert.deepEqual(names.sort(), ['DATABASE_URL', 'OPENAI_API_KEY', 'PORT'])
  assert.ok(faults.includes(`PORT: ${port} is in use; stop what listens there, or set another.`))
  const beside = { ...good, PORT: String(port), HOST: '127.0.0.2', DATABASE_URL: database.url }
  assert.deepEqual(await startFaults(beside), [])
  const away = { ...good, RELAY_MODE: 'server', APP_URL: 'http://x.test', HOST: '192.0.2.1' }
  const [fault = ''] = await startFaults({ ...away, DATABASE_URL: database.url })
  assert.match(fault, /^HOST: this machine cannot listen on 192\.0\.2\.1 \(EADDRNOTAVAIL\)/)
})
