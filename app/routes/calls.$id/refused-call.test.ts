import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askOf, callOf, testBooks, type TestBooks } from '../../../test/books.ts'
import { testRedisUrl } from '../../../test/database.ts'
import { startTestPages, type TestPages } from '../../../test/pages.ts'
import { joinIn, newPersonIn } from '../../../test/people.ts'
import { present } from '../../../test/present.ts'
import { startSession } from '../../auth/auth.server.ts'
import { createKey } from '../../keys/keys.server.ts'
import { credit } from '../../ledger/ledger.server.ts'
import { formatCallId } from '../../values/call-id.ts'

let books: TestBooks
let pages: TestPages
before(async () => {
  books = await testBooks()
  const routes = { switch: () => import('../switch.tsx'), 'calls/:id': () => import('./route.tsx') }
  pages = await startTestPages({ databaseUrl: books.url, redisUrl: testRedisUrl(), routes })
})
after(async () => {
  await pages.stop()
  await books.close()
})

/** A page as somebody sees it who has switched to an account: its words and its data. */
async function pageOf(userId: number, accountId: number, path: string): Promise<string> {
  const cookie = present((await startSession(pages.services, userId, null)).split(';')[0])
  const headers = { cookie, origin: pages.url }
  const form = new URLSearchParams({ account: String(accountId) })
  const to = { method: 'POST', headers, body: form, redirect: 'manual' } as const
  assert.equal((await fetch(`${pages.url}/switch`, to)).status, 302)
  const page = await fetch(pages.url + path, { headers })
  assert.equal(page.status, 200)
  return (await page.text()).replaceAll('<!-- -->', '')
}

test('a member sees of a call that did not fit what it needed, and not what there was', async () => {
  const { accountId, userId: owner } = await newPersonIn(books)
  const member = await joinIn(books, accountId, 'member')
  const { id: keyId } = present(await createKey(books.pool, accountId, { name: 'k' }, member))
  const ledger = books.ledger()
  const refused = async (balanceNanos: number) => {
    const given = { accountId, planNanos: 0, balanceNanos, ref: `given:${balanceNanos}` }
    await credit(books.pool, { kind: 'grant', actor: 'test', note: null, ...given })
    const facts = callOf({ accountId, keyId })
    const ask = askOf(9_000_000_000)
    assert.equal((await ledger.reserve({ facts, ask, lastTry: true })).granted, false)
    const path = `/calls/${formatCallId(facts.callId)}`
    return {
      theirs: await pageOf(member, accountId, path),
      all: await pageOf(owner, accountId, path),
    }
  }
  const some = await refused(7_000_000_000)
  assert.match(some.all, /could have cost up to .*9\.00.*and .*7\.00.* were available/s)
  assert.match(some.theirs, /could have cost up to .*9\.00.*more than was available/s)
  assert.doesNotMatch(some.theirs, /7\.00|7000000000|href="\/billing/)
  assert.match(some.theirs, /Ask whoever owns the account/)

  await books.sql('update accounts set balance_nanos = -20000000000 where id = ?', [accountId])
  const owing = await refused(3)
  assert.match(owing.all, /and the account was .*\$19\.99.* below zero/s)
  assert.doesNotMatch(owing.all, /-\$\d/)
  assert.doesNotMatch(owing.theirs, /19\.99|1999999999|below zero/)
})

test('of a budget that was lowered since nothing was left, which is no amount below zero', async () => {
  const { accountId, userId } = await newPersonIn(books)
  const given = { accountId, planNanos: 0, balanceNanos: 9_000_000_000, ref: 'for a budget' }
  await credit(books.pool, { kind: 'grant', actor: 'test', note: null, ...given })
  const key = { name: 'k', budgetNanos: 1_000_000_000 }
  const { id: keyId } = present(await createKey(books.pool, accountId, key, userId))
  await books.sql('update api_keys set spent_nanos = 4000000000 where id = ?', [keyId])
  const facts = callOf({ accountId, keyId })
  await books.ledger().reserve({ facts, ask: askOf(2_000_000_000), lastTry: true })
  const page = await pageOf(userId, accountId, `/calls/${formatCallId(facts.callId)}`)
  assert.match(page, /and nothing of the budget was left: it was not sent/)
  assert.doesNotMatch(page, /-\$\d/)
})
