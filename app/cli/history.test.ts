import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { seedCatalog } from '../catalog/catalog.server.ts'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { everything, totals } from '../usage/usage.server.ts'
import { capturedCli } from '../../test/captured-cli.ts'

const now = new Date('2026-11-22T12:00:00Z')

describe('the history on the command line', () => {
  let books: TestBooks
  let relay: ReturnType<typeof capturedCli>
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)

  before(async () => {
    books = await testBooks()
    relay = capturedCli({ DATABASE_URL: books.url }, () => now)
  })
  after(() => books.close())

  test('an empty catalogue has nothing to make calls of', async () => {
    const { exitCode, err } = await relay('seed-calls', '10')
    assert.equal(exitCode, 1)
    assert.match(err, /start the relay once/)
    await seedCatalog(books.pool)
  })

  test('seed-calls makes exactly as many, spread over the days, and the books agree', async () => {
    const made = await json('seed-calls', '20000', '--days', '100', '--models', '3')
    const accountId = made.account_id
    const sums = await totals(books.pool, accountId, everything)
    assert.deepEqual([sums.calls, sums.costNanos], [20_000, made.cost_nanos])
    const [seen] = await books.sql<Record<string, number>>(
      `select count(*) as calls, count(distinct date(started_at)) as days,
              count(distinct model) as models, count(distinct outcome) as outcomes,
              max(ended_at) < '2026-11-22 12:00:00' as past,
              min(started_at) > '2026-08-14 11:00:00' as recent
         from calls where account_id = ?`,
      [accountId],
    )
    assert.ok(seen)
    assert.deepEqual([seen.calls, seen.models, seen.past, seen.recent], [20_000, 3, 1, 1])
    assert.ok(present(seen.days) >= 99 && present(seen.outcomes) >= 2)
    assert.equal((await relay('verify')).exitCode, 0)
    assert.equal((await relay('seed-calls', '1', '--account', '999')).exitCode, 1)
    assert.equal((await relay('seed-calls', '0')).exitCode, 2)
  })

  test('retain drops old months once, notes it, and never the current one', async () => {
    assert.equal((await relay('retain')).exitCode, 2)
    assert.equal((await relay('retain', '--months', '0')).exitCode, 2)
    const { dropped, calls } = await json('retain', '--months', '1')
    const names = dropped.map(({ partition }: { partition: string }) => partition)
    assert.deepEqual(names, ['p202608', 'p202609'])
    assert.ok(calls > 2_000)
    assert.equal((await relay('verify')).exitCode, 0)
    const again = await relay('retain', '--months', '1')
    assert.deepEqual([again.exitCode, again.out], [0, 'There is no month to drop.\n'])
    const [log] = await books.sql<{ noted: number }>(
      `select count(*) as noted from admin_log where action = 'retain'`,
    )
    assert.equal(present(log).noted, 1)
  })
})
