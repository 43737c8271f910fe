import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { retain } from '../../app/usage/usage.server.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { capturedCli } from '../captured-cli.ts'
import { callsOf } from '../calls.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { callIdOf } from './expect-billed.ts'
import { call } from './client.ts'
import { Opened } from './opened.ts'
import { openSite, type Site } from './site.ts'

const day = 86_400_000
const opened = new Opened()
let site: Site

before(async () => {
  site = await openSite(opened)
})
after(() => opened.close())

const model = 'whole-both'
const customer = () => newCustomer(site.books.pool, { balanceNanos: 100e9 })
const readyAt = async (url: string) => {
  const answer = await fetch(new URL('/readyz', url))
  return { status: answer.status, body: (await answer.json()) as { status: string } }
}

describe('a machine’s clock that is not the database’s', () => {
  for (const [offMs, words] of [
    [-80 * day, '80 days behind'],
    [7_000, '[67] seconds ahead of'],
  ] as const)
    test(`keeps a relay from starting: ${words}`, async () => {
      const starting = site.startRelay({ clock: { offMs } })
      await assert.rejects(starting, new RegExp(`clock is ${words} the database’s: set both`))
    })

  test('may be off by a little', async () => {
    const relay = await site.startRelay({ clock: { offMs: -2_000 } })
    assert.ok((await call(relay.url, { ...(await customer()), model })).isComplete)
    await relay.end()
  })

  test('that is set while a relay runs dates nothing wrongly, and sends callers elsewhere until it is right', async () => {
    const { pool, url, sql } = site.books
    const relay = await site.startRelay({
      clock: { offMs: 0, laterOffMs: -80 * day },
      pulse: { heartbeatEveryMs: 50 },
    })
    // Months that were dropped are not come back to.
    assert.equal((await retain(pool, url, { months: 1, now: new Date() })).state, 'done')
    const by = { ...(await customer()), model }
    process.kill(relay.pid, 'SIGUSR2')
    // Before the relay can have noticed, and after.
    const first = await call(relay.url, by)
    await eventually('the relay says that its clock is off', async () => {
      const { status, body } = await readyAt(relay.url)
      return status === 503 && body.status === 'clock is off'
    })
    const second = await call(relay.url, by)
    const beganMs = Date.now()
    for (const heard of [first, second]) {
      assert.ok(heard.isComplete)
      assert.ok(Math.abs(callIdOf(heard).readUIntBE(0, 6) - beganMs) < day / 2)
    }
    const rows = await sql<{ days: number }>(
      `select datediff(current_timestamp, started_at) as days from calls where account_id = ?`,
      [by.accountId],
    )
    assert.ok(rows.length === 2 && rows.every(({ days }) => days <= 1))
    assert.equal((await callsOf(sql, by)).length, 2)
    const lines = relay.logged().match(/"event":"clock_off".*80 days behind/g)
    assert.equal(lines?.length, 1)
    await expectCleanBooks(pool)
    await relay.end()
  })

  test('that is right again has callers come back', async () => {
    const relay = await site.startRelay({
      clock: { offMs: 4_000, laterOffMs: 40_000 },
      pulse: { heartbeatEveryMs: 50 },
    })
    process.kill(relay.pid, 'SIGUSR2')
    await eventually('it is off', async () => (await readyAt(relay.url)).status === 503)
    process.kill(relay.pid, 'SIGUSR2')
    await eventually('it is right', async () => (await readyAt(relay.url)).status === 200)
    await relay.end()
  })

  test('keeps the command line from writing', async () => {
    const relay = capturedCli({ DATABASE_URL: site.books.url })
    const real = Date.now
    Date.now = () => real() + 80 * day
    try {
      const { exitCode, err } = await relay('retain', '--months', '1')
      assert.equal(exitCode, 3)
      assert.match(err, /clock is 80 days ahead of the database’s/)
      assert.equal((await relay('verify')).exitCode, 0)
    } finally {
      Date.now = real
    }
  })
})
