import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { billOf, callOf, reserve, testBooks, usageOf, type TestBooks } from '../../test/books.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer, type Customer } from '../../test/customer.ts'
import type { Ledger } from '../ledger/ledger.server.ts'

let books: TestBooks
let ledgers: [Ledger, Ledger]
let relay: ReturnType<typeof capturedCli>
const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)
before(async () => {
  books = await testBooks()
  ledgers = [books.ledger(), books.ledger()]
  relay = capturedCli({ DATABASE_URL: books.url })
})
after(() => books.close())

const customerOf = (balanceNanos = 1_000_000) => newCustomer(books.pool, { balanceNanos })
const factorOf = async ({ accountId }: Customer) => {
  const { factor, own_factor, group } = await json('account', 'show', String(accountId))
  return [factor, own_factor, group] as unknown
}
const logOf = async (subject: string) => {
  const text = 'select action, detail from admin_log where subject = ? order by id'
  const rows = await books.sql<{ action: string; detail: string | null }>(text, [subject])
  return rows.map(({ action, detail }) => [action, detail && JSON.parse(detail)] as unknown)
}

describe('factors on the command line', () => {
  test('an account pays its own, else its group’s, else the price', async () => {
    const customer = await customerOf()
    const id = String(customer.accountId)
    await json('group', 'set', 'friends', '0.8')
    assert.deepEqual(await factorOf(customer), ['1', null, null])
    assert.equal((await json('account', 'group', id, 'friends')).factor, '0.8')
    assert.equal((await json('account', 'factor', id, '1.25')).factor, '1.25')
    assert.deepEqual(await factorOf(customer), ['1.25', '1.25', 'friends'])
    assert.equal((await json('group', 'set', 'friends', '0.5')).members, 1)
    assert.deepEqual(await factorOf(customer), ['1.25', '1.25', 'friends'])
    assert.equal((await json('account', 'factor', id, 'none')).factor, '0.5')
    assert.equal((await json('account', 'factor', id, 'none')).changed, false)
    assert.equal((await json('account', 'group', id, 'none')).factor, '1')
    assert.deepEqual((await logOf(`account ${id}`)).slice(1), [
      ['account group', { group: 'friends' }],
      ['account factor', { factor: '1.25' }],
      ['account factor', { factor: null }],
      ['account group', { group: null }],
    ])
    assert.deepEqual(await logOf('group friends'), [
      ['group set', { factor: '0.8', members: 0 }],
      ['group set', { factor: '0.5', members: 1 }],
    ])
    await expectCleanBooks(books.pool)
  })

  test('what is no whole number of basis points is refused, and so is nothing at all', async () => {
    const { accountId } = await customerOf()
    for (const wrong of ['0', '0.00005', '1e3', '-1', '100.0001', '1000', '', 'free', '1,5']) {
      for (const verb of [
        ['account', 'factor', String(accountId), wrong],
        ['group', 'set', 'odd', wrong],
        ['model', 'set', 'gpt-4o', '--sale-factor', wrong],
      ])
        assert.equal((await relay(...verb)).exitCode, 2, verb.join(' '))
    }
    const { err } = await relay('account', 'factor', String(accountId), '0')
    assert.match(err, /what is to cost nothing has a price of 0 instead/)
    for (const right of ['0.0001', '100', '1.2345', '1'])
      assert.equal((await json('account', 'factor', String(accountId), right)).factor, right)
    assert.equal((await relay('group', 'set', 'none', '1')).exitCode, 2)
    assert.equal((await relay('group', 'set', 'odd', 'none')).exitCode, 2)
  })

  test('a group with accounts is not removed, and one that is not there is said', async () => {
    const { accountId } = await customerOf()
    const id = String(accountId)
    const missing = await relay('account', 'group', id, 'club')
    assert.deepEqual([missing.exitCode, missing.err], [1, 'There is no group club.\n'])
    await json('group', 'set', 'club', '0.9')
    await json('account', 'group', id, 'club')
    const refusal = await json('group', 'remove', 'club')
    assert.equal(refusal.error.code, 'group_has_members')
    const [club] = ((await json('group', 'list')).groups as { name: string }[]).filter(
      ({ name }) => name === 'club',
    )
    assert.deepEqual(
      { ...club, created_at: '' },
      {
        name: 'club',
        factor: '0.9',
        members: 1,
        models: null,
        created_at: '',
      },
    )
    await json('account', 'group', id, 'none')
    assert.equal((await json('group', 'remove', 'club')).removed, true)
    assert.equal((await json('group', 'remove', 'club')).error.code, 'no_such_group')
    assert.equal((await json('account', 'group', '999999', 'none')).error.code, 'no_such_account')
  })

  test('a model is sold at its cost times a factor, and says so', async () => {
    const add = ['model', 'add', 'factored', '--context', '1000', '--max-output', '100']
    assert.equal((await relay(...add)).exitCode, 0)
    const set = await json('model', 'set', 'factored', '--sale-factor', '1.2')
    assert.deepEqual([set.sale_factor, set.has_own_price], ['1.2', false])
    const { models } = await json('model', 'list')
    const [model] = (models as { name: string; sale_factor: string }[]).filter(
      ({ name }) => name === 'factored',
    )
    assert.equal(model?.sale_factor, '1.2')
    assert.match((await relay('model', 'list')).out, /cost × 1\.2/)
    assert.equal(
      (await json('model', 'set', 'factored', '--sale-factor', 'none')).sale_factor,
      null,
    )
    const unknown = await json('model', 'set', 'nobody', '--sale-factor', '2')
    assert.equal(unknown.error.code, 'no_such_model')
    assert.deepEqual((await logOf('model factored')).slice(1), [
      ['model set', { sale_factor: '1.2' }],
      ['model set', { sale_factor: null }],
    ])
  })
})

describe('a group’s factor changed while calls of all its accounts are under way', () => {
  test('by two at once, with accounts that come and go: nobody is stuck, and the books agree', async () => {
    const members = await Promise.all(Array.from({ length: 12 }, () => customerOf()))
    await json('group', 'set', 'busy', '0.9')
    await json('group', 'set', 'idle', '2')
    for (const { accountId } of members) await json('account', 'group', String(accountId), 'busy')
    const factors = new Set<number>()
    const call = async (customer: Customer, i: number) => {
      const facts = callOf(customer)
      const ledger = ledgers[i % 2]!
      const grant = await reserve(ledger, facts, 100)
      assert.ok(grant.granted)
      const { accountFactor, holdNanos } = grant
      factors.add(accountFactor)
      // It keeps what it was let in with, whatever has changed since.
      const costNanos = Math.ceil((70 * accountFactor) / 10_000)
      assert.equal(holdNanos, Math.ceil((100 * accountFactor) / 10_000))
      const bill = billOf(costNanos, { usage: usageOf(70, 20), accountFactor })
      const settled = await ledger.settle({ facts, bill })
      assert.deepEqual([settled.chargedNanos, settled.overrunNanos], [costNanos, 0])
      const again = await ledgers[1 - (i % 2)]!.settle({
        facts,
        bill: { ...bill, accountFactor: 1 },
      })
      assert.deepEqual([again.state, again.chargedNanos], ['repeated', costNanos])
    }
    const calls = members.flatMap((customer) =>
      Array.from({ length: 12 }, async (_, i) => call(customer, i)),
    )
    const change = async (name: string, factor: string) => {
      const set = await relay('group', 'set', name, factor)
      assert.equal(set.exitCode, 0, set.err)
    }
    const move = async ({ accountId }: Customer, group: string) => {
      const moved = await relay('account', 'group', String(accountId), group)
      assert.equal(moved.exitCode, 0, moved.err)
    }
    await Promise.all([
      ...calls,
      ...['0.7', '1.5', '0.3', '1'].map((factor) => change('busy', factor)),
      ...['3', '4'].map((factor) => change('idle', factor)),
      ...members.slice(0, 4).map((member) => move(member, 'idle')),
      ...members.slice(2, 6).map((member) => move(member, 'busy')),
    ])
    await expectCleanBooks(books.pool)
    await Promise.all(members.map(async (member, i) => call(member, i)))
    assert.ok(factors.size > 1, [...factors].join())
    await expectCleanBooks(books.pool)
  })
})
