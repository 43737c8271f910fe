import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { testBooks, type TestBooks } from '../../test/books.ts'
import type { Db } from '../db/db.server.ts'
import { createCatalog } from './catalog.ts'
import { seedCatalog } from './seed.ts'

let books: TestBooks
/** How many statements the catalogue has sent, and what comes before its next list of models. */
let sent = 0
let onSent: (() => unknown) | undefined
const db: Db = {
  async send(bound) {
    const answer = await books.pool.send(bound)
    sent++
    if (!bound.statement.name.endsWith('list-models')) return answer
    const wait = onSent
    onSent = undefined
    await wait?.()
    return answer
  },
}

before(async () => {
  books = await testBooks()
  await seedCatalog(books.pool)
})
beforeEach(async () => {
  await books.sql('update models set enabled = 1')
  sent = 0
  onSent = undefined
})
after(() => books.close())

const setFactor = (factor: number) => books.sql('update models set sale_factor = ?', [factor])
const open = () =>
  createCatalog(db, [{ name: 'openai', definition: { kind: 'openai', prices: 'openai' } }])
const factorIn = (catalog: Awaited<ReturnType<typeof open>>) =>
  catalog.find('gpt-4o', new Date())?.saleFactor

test('an older reading of the catalogue never stays after a newer one', async () => {
  await setFactor(1)
  const catalog = await open()
  await setFactor(2)
  let goOn = () => undefined as void
  const held = new Promise<void>((resolve) => (goOn = resolve))
  const isThere = new Promise<void>((resolve) => {
    onSent = async () => {
      resolve()
      await held
    }
  })
  const older = catalog.refresh()
  await isThere
  await setFactor(3)
  const newer = catalog.refresh()
  // One that did not wait would be done by then.
  for (let i = 0; i < 50; i++) await books.sql('select 1')
  goOn()
  await Promise.all([older, newer])
  assert.equal(factorIn(catalog), 3)
})

test('a catalogue in which nothing has changed is asked for its mark alone', async () => {
  const catalog = await open()
  const all = sent
  sent = 0
  await catalog.refresh()
  assert.equal(sent, 1)
  assert.ok(all > 5)
})

const changes: Record<string, string> = {
  'a factor': 'update models set sale_factor = 4',
  'a factor taken back': 'update models set sale_factor = null',
  'a model off sale': "update models set enabled = 0 where name = 'gpt-4o'",
  'an alias': "insert into model_aliases (alias, model) values ('other', 'gpt-4o')",
  'a price': `insert into prices (model, effective_from, terms, actor)
      select model, '2026-11-26', terms, 'test' from prices where model = 'gpt-4o' limit 1`,
  'a cost': `insert into cost_prices (scope, model, effective_from, terms, source, actor)
      select 'list:openai', model, '2026-11-26', terms, 'test', 'test' from prices limit 1`,
  'an upstream': "insert into upstreams (name, definition) values ('some', '{}')",
  'its priority': 'update upstreams set priority = 5',
  'a model of it':
    "insert into upstream_models (upstream, model, their_name) values ('some', 'gpt-4o', 'it')",
  'its name there': "update upstream_models set their_name = 'that'",
}
test('whatever changes in the catalogue, it is read anew, and once', async () => {
  const catalog = await open()
  for (const [what, sql] of Object.entries(changes)) {
    await books.sql(sql)
    sent = 0
    await catalog.refresh()
    assert.ok(sent > 1, what)
    sent = 0
    await catalog.refresh()
    assert.equal(sent, 1, what)
  }
})

test('a reading that has failed is done again, though nothing changes any more', async () => {
  const catalog = await open()
  await setFactor(5)
  onSent = () => Promise.reject(new Error('the database is away'))
  await assert.rejects(catalog.refresh(), /away/)
  await catalog.refresh()
  assert.equal(factorIn(catalog), 5)
})
