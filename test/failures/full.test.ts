import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startMariadb, type Mariadb } from '../../dev/servers/mariadb.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { runSql } from '../sql.ts'
import { call, type Heard } from './client.ts'
import { expectBilledOnce, expectNoneTooDear } from './expect-billed.ts'
import { Opened } from './opened.ts'
import type { RelayChild } from './relay-child.ts'
import { openSite, temporaryFolder, type Site } from './site.ts'

const model = 'whole-both'
const opened = new Opened()
let mariadb: Mariadb
let site: Site
let relay: RelayChild

before(async () => {
  // A server of its own: what is set here is set for all who are on it.
  mariadb = await startMariadb({ dir: join(temporaryFolder(opened), 'mariadb') })
  opened.closeWith(() => mariadb.stop())
  await mariadb.createDatabase('books')
  site = await openSite(opened, { databaseUrl: mariadb.url('books') })
  // As in production, the relay's own user may not write where the server is read-only.
  const own = new URL(mariadb.url('books'))
  ;[own.username, own.password] = ['till', 'its own']
  await runSql(mariadb.url(), `create user till@'127.0.0.1' identified by 'its own'`)
  await runSql(
    mariadb.url(),
    `grant select, insert, update, delete, create, alter, drop, index
                                 on books.* to till@'127.0.0.1'`,
  )
  relay = await site.startRelay({ databaseUrl: own.href })
})
after(() => opened.close())

const customer = () => newCustomer(site.books.pool, { balanceNanos: 100e9 })
const served = () => site.upstream.served().length

async function readiness() {
  const answer = await fetch(relay.url.replace('/v1', '/readyz'))
  const { status } = (await answer.json()) as { status: string }
  return [answer.status, status]
}
const whenReadinessIs = (code: number, status: string) =>
  eventually(`${code} ${status}`, async () => (await readiness()).join() === `${code},${status}`)

/**
 * Has the server answer 1114 to each row that the ledger adds, as it does on a full disk, and
 * answers what ends that. Really full it is in `npm run check -- production`: a server whose files
 * are used up to the last page now and then ends itself.
 */
async function fill() {
  const { sql } = site.books
  const tables = ['holds', 'calls', 'entries']
  for (const table of tables)
    await sql(
      `create trigger ${table}_full before insert on ${table} for each row
       signal sqlstate 'HY000' set mysql_errno = 1114, message_text = 'The table is full'`,
    )
  return async () => {
    for (const table of tables) await sql(`drop trigger ${table}_full`)
  }
}

/** Plain and streamed, from many accounts at once: all are told when to come again. */
async function expectAllRefused(by: { secret: string }[]) {
  const before = served()
  const asked = by.flatMap(({ secret }) =>
    [false, true].map((isStreamed) => call(relay.url, { secret, model, isStreamed })),
  )
  for (const { status, text, headers } of await Promise.all(asked)) {
    assert.deepEqual([status, /"overloaded"/.test(text)], [503, true], text)
    assert.match(headers['retry-after'] ?? '', /^\d+$/)
  }
  assert.equal(served(), before, 'nothing was forwarded')
}

/** All that was answered is billed once, and nothing else is charged or held. */
async function expectRecovery(heard: Heard[]) {
  const { books, upstream } = site
  await whenReadinessIs(200, 'ready')
  await whenNothingIsHeld(books.sql)
  await expectCleanBooks(books.pool)
  const rows = await expectNoneTooDear(books.sql, upstream)
  await expectBilledOnce(books.sql, heard, upstream)
  assert.deepEqual([...new Set(rows.map(({ outcome }) => outcome))], ['completed'])
  assert.equal(rows.length, served(), 'every call that was forwarded is in the books')
}

type Line = { at: string; event: string; errno?: number; code?: string }
const kindOf = ({ event, errno, code }: Line) => [event, errno, code].join(' ')

/** At most one line a second of each kind, whatever there was to say. */
function expectFewLines() {
  const lines = relay
    .logged()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  const kinds = new Set(lines.map(kindOf))
  for (const kind of kinds) {
    const ats = lines.filter((line) => kindOf(line) === kind).map(({ at }) => Date.parse(at))
    const seconds = (Math.max(...ats) - Math.min(...ats)) / 1_000
    assert.ok(ats.length <= seconds + 2, `${ats.length} of ${kind} in ${seconds} s`)
  }
  return lines
}

describe('a database that has no room left', () => {
  test('gives no call away: what is under way is charged later, and nothing else is let in', async (t) => {
    const customers = await Promise.all(Array.from({ length: 20 }, customer))
    const heard: Heard[] = []
    const before = served()
    // Under way while the room runs out, and at their end when there is none.
    const underWay = customers.map(({ secret }, i) =>
      call(relay.url, { secret, model, isStreamed: i % 2 === 0, say: '[[slow:4000]]' }),
    )
    await eventually('all are forwarded', () => served() === before + customers.length)
    const makeRoom = await fill()
    heard.push(...(await Promise.all(underWay)))
    assert.ok(heard.every(({ isComplete }) => isComplete))
    // What was decided before it was full is a call like any other.
    const [first] = customers
    for (;;) {
      const one = await call(relay.url, { ...first!, model })
      heard.push(one)
      if (one.status !== 200) break
    }
    await whenReadinessIs(503, 'database takes no writes')
    await expectAllRefused(customers)
    t.diagnostic(`${heard.length - 1} calls ended while it was full`)
    const owed = await site.books.sql('select call_id from holds')
    t.diagnostic(`${owed.length} holds stand for what is owed`)
    await makeRoom()
    await expectRecovery(heard)
    const lines = expectFewLines()
    assert.ok(lines.some(({ event, errno }) => event === 'ledger_batch_failed' && errno === 1114))
    t.diagnostic(`${lines.length} lines logged`)
  })
})

describe('a database that is read-only', () => {
  test('is said by /readyz, and lets no call in; what is under way is charged later', async () => {
    const customers = await Promise.all(Array.from({ length: 5 }, customer))
    const before = served()
    const underWay = customers.map(({ secret }, i) =>
      call(relay.url, { secret, model, isStreamed: i % 2 === 0, say: '[[slow:1000]]' }),
    )
    await eventually('all are forwarded', () => served() === before + customers.length)
    await runSql(mariadb.url(), 'set global read_only = 1')
    const heard = await Promise.all(underWay).finally(async () => {
      await whenReadinessIs(503, 'database takes no writes')
      await expectAllRefused(customers)
      await runSql(mariadb.url(), 'set global read_only = 0')
    })
    assert.ok(heard.every(({ isComplete }) => isComplete))
    await expectRecovery(heard)
    expectFewLines()
  })

  test('is said by /readyz where nobody calls', async () => {
    await runSql(mariadb.url(), 'set global read_only = 1')
    await whenReadinessIs(503, 'database takes no writes')
    await runSql(mariadb.url(), 'set global read_only = 0')
    await whenReadinessIs(200, 'ready')
  })
})
