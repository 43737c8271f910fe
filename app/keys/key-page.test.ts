import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { testBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { giveKeys } from '../../test/many-keys.ts'
import { createKey, keyStatusOf, listKeyPage, revokeKey } from './keys.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

const { accountId, keyId } = await newCustomer(pool)
await giveKeys(sql, accountId, 30, 5)
await giveKeys(sql, (await newCustomer(pool)).accountId, 10, 5)

/** All pages from the first to the last, and back. */
async function walk(search: Parameters<typeof listKeyPage>[2]) {
  const forth: number[][] = []
  let page = await listKeyPage(pool, accountId, search)
  assert.equal(page.before, null)
  for (;;) {
    forth.push(page.keys.map(({ id }) => id))
    if (page.after === null) break
    page = await listKeyPage(pool, accountId, { ...search, after: page.after })
  }
  const back = [forth.at(-1) ?? []]
  while (page.before !== null) {
    page = await listKeyPage(pool, accountId, { ...search, before: page.before })
    back.unshift(page.keys.map(({ id }) => id))
  }
  return { forth: forth.flat(), back: back.flat(), pages: forth.length }
}

describe('keys by the page', () => {
  test('are all of them, once, those that work first, the newest of each at the top', async () => {
    const { keys } = await listKeyPage(pool, accountId, { rows: 1_000 })
    assert.equal(keys.length, 31)
    assert.deepEqual(
      keys.map(({ revokedAt }) => revokedAt === null),
      [...Array<boolean>(6).fill(true), ...Array<boolean>(25).fill(false)],
    )
    for (const rows of [1, 4, 6, 7, 31, 32]) {
      const { forth, back, pages } = await walk({ rows })
      assert.deepEqual(
        forth,
        keys.map(({ id }) => id),
      )
      assert.deepEqual(back, forth)
      assert.equal(pages, Math.ceil(31 / rows))
    }
  })

  test('go on where they were when the last one of a page is revoked meanwhile', async () => {
    const { keys } = await listKeyPage(pool, accountId, { rows: 1_000 })
    const made = await createKey(pool, accountId, { name: 'meanwhile' })
    await revokeKey(pool, accountId, made!.id)
    const next = await listKeyPage(pool, accountId, { after: made!.id, rows: 3 })
    assert.deepEqual(
      next.keys.map(({ id }) => id),
      keys.slice(6, 9).map(({ id }) => id),
    )
    await sql('delete from api_keys where id = ?', [made!.id])
  })

  test('can be looked for by a part of their name, in either case, and by their status', async () => {
    const { forth } = await walk({ name: 'DEPLOY 2', rows: 4 })
    assert.equal(forth.length, 11)
    for (const wild of ['deploy_2', '%', '\\'])
      assert.deepEqual((await walk({ name: wild })).forth, [])
    await sql('update api_keys set budget_nanos = 0 where id = ?', [keyId])
    for (const [status, count] of [
      ['active', 5],
      ['spent', 1],
      ['expired', 0],
      ['revoked', 25],
    ] as const) {
      const { keys } = await listKeyPage(pool, accountId, { status })
      assert.equal(keys.length, count)
      assert.ok(keys.every((key) => keyStatusOf(key) === status))
    }
  })

  test('begin at the first where the key that they would follow is not the account’s', async () => {
    const [all, strange] = await Promise.all([
      listKeyPage(pool, accountId, { rows: 3 }),
      listKeyPage(pool, accountId, { rows: 3, after: 40 }),
    ])
    assert.deepEqual(strange, all)
  })
})
