import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { byOwner } from '../../../test/owner.ts'
import { seedCatalog } from '../../catalog/catalog.server.ts'
import { subscribe } from '../../plans/plans.server.ts'

describe('plans on the command line', () => {
  let books: TestBooks
  let relay: ReturnType<typeof capturedCli>
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)

  before(async () => {
    books = await testBooks()
    await seedCatalog(books.pool)
    relay = capturedCli({ DATABASE_URL: books.url })
  })
  after(() => books.close())

  test('a plan is put on sale by its name once, with models by the names of the books', async () => {
    await relay('group', 'set', 'friends', '1')
    const terms = ['--credit', '20', '--price', '18.5', '--rollover', '5']
    const scope = ['--models', 'gpt-4o-mini,gpt-4.1*', '--group', 'friends']
    const made = await json('plans', 'add', 'Pro', ...terms, ...scope)
    assert.deepEqual(
      { ...made, id: 0 },
      {
        id: 0,
        name: 'Pro',
        credit_usd: '20.000000000',
        credit_nanos: 20_000_000_000,
        price_usd: '18.500000000',
        price_nanos: 18_500_000_000,
        models: ['gpt-4o-mini', 'gpt-4.1*'],
        group: 'friends',
        rollover_usd: '5.000000000',
        rollover_nanos: 5_000_000_000,
        grace_days: 3,
        changed: true,
      },
    )
    const again = await relay('plans', 'add', 'pro', '--credit', '1', '--price', '1')
    assert.deepEqual([again.exitCode, again.err.includes('There is a plan')], [1, true])
    const { plans } = await json('plans', 'list')
    assert.deepEqual([plans.length, plans[0].subscribers, plans[0].on_sale], [1, 0, true])
  })

  test('other terms are another plan; what is not said stays, and none takes away', async () => {
    const changed = await json('plans', 'set', 'Pro', '--price', '19', '--group', 'none')
    assert.deepEqual(
      [changed.price_usd, changed.group, changed.models, changed.rollover_usd],
      ['19.000000000', null, ['gpt-4o-mini', 'gpt-4.1*'], '5.000000000'],
    )
    assert.equal((await json('plans', 'set', 'Pro', '--price', '19')).changed, false)
    assert.equal((await json('plans', 'set', 'Pro', '--models', 'all')).models, null)
    assert.equal((await json('plans', 'list', '--all')).plans.length, 3)
    const log = await books.sql('select 1 from admin_log where action like ?', ['plans %'])
    assert.equal(log.length, 3)
  })

  test('what it cannot mean is refused in words, and nothing is sold', async () => {
    const add = ['plans', 'add', 'Odd', '--credit', '1', '--price', '1']
    const refusals: [string[], number, RegExp][] = [
      [['--models', 'no-such-model'], 1, /no model no-such-model/],
      [['--models', 'nobody/*'], 1, /no model nobody/],
      [['--models', '*'], 2, /or say all/],
      [['--models', 'gpt*4'], 2, /at the end/],
      [['--group', 'strangers'], 1, /no group strangers/],
      [['--rollover', '-1'], 2, /rollover must be/],
      [['--grace-days', '32'], 2, /grace-days must be/],
    ]
    for (const [more, exitCode, says] of refusals) {
      const answer = await relay(...add, ...more)
      assert.equal(answer.exitCode, exitCode, more.join(' '))
      assert.match(answer.err, says)
    }
    const free = await relay('plans', 'add', 'Odd', '--credit', '0', '--price', '1')
    assert.match(free.err, /credit must be dollars/)
    assert.equal((await relay('plans', 'set', 'Odd', '--price', '1')).exitCode, 1)
    assert.equal((await relay('plans', 'set', 'Pro')).exitCode, 2)
    assert.equal((await relay('plans', 'withdraw', 'Odd')).exitCode, 1)
  })

  test('a group may call only models that are there, by name or by how names begin', async () => {
    await relay('group', 'set', 'few', '1')
    const refusals: [string, number, RegExp][] = [
      ['nobody/*', 1, /no model nobody\/\*/],
      ['gpt-4o-mini,no-such-model,neither*', 1, /no model no-such-model, neither\*/],
      ['*', 2, /or say none/],
      ['gpt*4', 2, /at the end/],
      ['gpt-4o-mini,', 2, /empty name/],
    ]
    for (const [list, exitCode, says] of refusals) {
      const answer = await relay('group', 'models', 'few', list)
      assert.equal(answer.exitCode, exitCode, list)
      assert.match(answer.err, says)
    }
    const set = await json('group', 'models', 'few', 'gpt-4.1*, gpt-4o-mini-2024-07-18')
    assert.deepEqual(set.models, ['gpt-4.1*', 'gpt-4o-mini'], 'an alias is its model')
    assert.equal((await json('group', 'models', 'few', 'none')).models, null)
  })

  test('who is subscribed is shown with the account, and keeps a plan that is withdrawn', async () => {
    const { id } = await json('account', 'create', '--name', 'Bea')
    await relay('grant', String(id), '30')
    const [plan] = (await json('plans', 'list')).plans
    const owner = await byOwner(books.pool, { accountId: id as number })
    const wish = { ...owner, planId: plan.id as number }
    assert.equal((await subscribe(books.pool, wish)).state, 'subscribed')
    assert.equal((await json('plans', 'withdraw', 'PRO')).withdrawn, true)
    const shown = await json('account', 'show', String(id))
    assert.deepEqual(
      [shown.plan, shown.plan_price_usd, shown.balance_usd, shown.plan_usd],
      ['Pro', '19.000000000', '11.000000000', '20.000000000'],
    )
    assert.match((await relay('account', 'show', String(id))).out, /plan subscribed to +Pro/)
    assert.deepEqual((await json('plans', 'list')).plans, [])
  })
})
