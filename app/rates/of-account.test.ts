import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { setAccountGroup, setGroup } from '../accounts/accounts.server.ts'
import { seedCatalog } from '../catalog/catalog.server.ts'
import { setLimit, type Figures, type Subject } from './rates.server.ts'
import { readHeldLimits } from './of-account.ts'

let books: TestBooks
before(async () => {
  books = await testBooks()
  await seedCatalog(books.pool)
})
after(() => books.close())

const none = { requests: null, tokens: null, calls: null, burstSeconds: null }
const limit = (of: Subject, figures: Partial<Figures>) =>
  setLimit(books.pool, { of, figures: { ...none, ...figures }, actor: 'test' })

test('an account is told its own limits, else its group’s, else everyone’s, and those of a key', async () => {
  const [one, other] = [await newCustomer(books.pool), await newCustomer(books.pool)]
  const { accountId, keyId } = one
  await setGroup(books.pool, { name: 'few', factor: 10_000, actor: 'test' })
  await setAccountGroup(books.pool, { accountId, group: 'few', actor: 'test' })
  assert.deepEqual(await readHeldLimits(books.pool, { accountId, keyId }), {
    account: none,
    key: none,
    models: [],
  })
  await limit({ scope: 'everyone', subject: '' }, { requests: 60, tokens: 9_000, calls: 5 })
  await limit({ scope: 'group', subject: 'few' }, { tokens: 0, calls: 4 })
  await limit({ scope: 'account', subject: String(accountId) }, { calls: 3 })
  await limit({ scope: 'account', subject: String(other.accountId) }, { requests: 1 })
  await limit({ scope: 'key', subject: String(keyId) }, { requests: 7 })
  await limit({ scope: 'model', subject: 'gpt-4o-mini' }, { requests: 2 })
  await limit({ scope: 'model', subject: 'gpt-4.1' }, { requests: 0 })
  await limit({ scope: 'model-total', subject: 'gpt-4o-mini' }, { requests: 99 })
  // No limit by the group is none, whatever everyone has.
  assert.deepEqual(await readHeldLimits(books.pool, { accountId, keyId }), {
    account: { ...none, requests: 60, calls: 3 },
    key: { ...none, requests: 7 },
    models: [{ model: 'gpt-4o-mini', figures: { ...none, requests: 2 } }],
  })
  const others = await readHeldLimits(books.pool, { accountId: other.accountId })
  assert.deepEqual(others.account, { ...none, requests: 1, tokens: 9_000, calls: 5 })
  assert.deepEqual(others.key, none)
})
