import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { startSeveral, type Several } from '../../../test/upstreams/several-upstreams.ts'
import { errorIn } from '../../../test/wire.ts'

let several: Several<'cheap' | 'dear'>
before(async () => {
  several = await startSeveral({
    cheap: { price: { input: 10, output: 20 } },
    dear: {
      price: { input: 10_000, output: 20_000 },
      definition: { members: { allow: ['one_takes'], drop: [], rename: {}, set: {} } },
    },
  })
})
afterEach(async () => {
  await several.sql("update upstreams set state = 'on', version = version + 1")
  await several.sql('update upstream_keys set enabled = 1')
  several.relay.services.upstreams.hold([])
  await several.refresh()
  await several.expectNothingHeld()
  await several.expectCleanBooks()
})
after(() => several.stop())

async function heldFor(body: Record<string, unknown> = {}) {
  const customer = await several.newCustomer({ balanceNanos: 1e12 })
  const answer = await several.call({ max_tokens: 100, ...body }, { customer })
  assert.equal(answer.status, 200, answer.text)
  const [row] = await several.sql<{ hold: number; priceId: number; upstream: string }>(
    `select hold_nanos as hold, price_id as priceId, upstream from calls where account_id = ?`,
    [customer.accountId],
  )
  return row!
}

const change = async (sql: string) => {
  await several.sql(sql)
  await several.sql('update upstreams set version = version + 1')
  await several.refresh()
}

/** Each of these is a dear upstream that no call can go to. */
const unable: Record<string, () => void | Promise<void>> = {
  'is off': () => change("update upstreams set state = 'off' where name = 'dear'"),
  'is draining': () => change("update upstreams set state = 'draining' where name = 'dear'"),
  'has no key in use': () => change("update upstream_keys set enabled = 0 where upstream = 'dear'"),
  'is opened by hand': () =>
    several.relay.services.upstreams.hold([{ upstream: 'dear', key: null, model: null }]),
}

for (const [what, make] of Object.entries(unable))
  test(`an upstream that ${what} is not held for`, async () => {
    const both = await heldFor()
    await make()
    const one = await heldFor()
    assert.equal(one.upstream, 'cheap')
    assert.ok(one.hold * 100 < both.hold, `${one.hold} beside ${both.hold}`)
    assert.equal(one.priceId, both.priceId)
  })

for (const [what, make] of Object.entries(unable))
  test(`a call is well that needs what only an upstream takes that ${what}`, async () => {
    assert.equal((await several.call({ one_takes: 5 })).status, 200)
    await make()
    const answer = await several.call({ one_takes: 5 })
    assert.deepEqual([answer.status, errorIn(answer).code], [503, 'upstream_unavailable'])
    assert.equal((await several.call({ nobody_takes: 5 })).status, 400)
  })

test('where nobody can be called nothing is charged', async () => {
  await change("update upstreams set state = 'off'")
  const customer = await several.newCustomer({ balanceNanos: 1e12 })
  const answer = await several.call({}, { customer })
  assert.equal(answer.status, 503, answer.text)
})
