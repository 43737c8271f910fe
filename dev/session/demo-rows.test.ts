import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { testBooks, type TestBooks } from '../../test/books.ts'
import { present } from '../../test/present.ts'
import { createLog } from '../../app/telemetry/log.ts'
import { sealerOf, UpstreamReader } from '../../app/upstreams/upstreams.server.ts'
import { putDemoUpstreams } from './demo-rows.ts'

const sealer = present(sealerOf({ upstreamSecrets: [randomBytes(32)] }))
const demo = (name: string, port: number) => ({
  name,
  url: `http://127.0.0.1:${port}/v1`,
  apiKey: `demo-of-${port}-${name}`,
})
let books: TestBooks
before(async () => (books = await testBooks()))
after(() => books.close())

/** The upstreams as a relay reads them. */
async function read() {
  const found = await new UpstreamReader(books.pool, sealer, createLog('silent')).readIfChanged()
  return (found ?? []).map(({ name, definition, keys }) => ({
    name,
    url: definition.baseUrl,
    isPrivate: definition.private,
    keys: keys.map(({ secret }) => secret),
  }))
}
const rowOf = ({ name, url, apiKey }: ReturnType<typeof demo>) => ({
  name,
  url,
  isPrivate: true,
  keys: [apiKey],
})

test('demo upstreams are those that run now, however often and with how many it is started', async () => {
  assert.equal(await putDemoUpstreams(books.pool, [], sealer), false)
  const [slow, steady] = [demo('demo-slow', 9001), demo('demo-steady', 9002)]
  for (const _ of [1, 2]) {
    assert.equal(await putDemoUpstreams(books.pool, [steady, slow], sealer), true)
    assert.deepEqual(await read(), [rowOf(slow), rowOf(steady)])
  }
  const models = await books.sql('select distinct model from upstream_models order by model')
  assert.deepEqual(
    models.map(({ model }) => model),
    ['gpt-4o', 'gpt-4o-mini'],
  )
  const elsewhere = demo('demo-steady', 9003)
  await putDemoUpstreams(books.pool, [elsewhere], sealer)
  assert.deepEqual(await read(), [rowOf(elsewhere)])
  assert.equal(await putDemoUpstreams(books.pool, [], sealer), true)
  assert.deepEqual(await read(), [])
  assert.deepEqual(
    await books.sql('select 1 from upstream_models union select 1 from upstream_keys'),
    [],
  )
})

test('an upstream of the operator’s own that is called as a demo stays', async () => {
  await putDemoUpstreams(books.pool, [demo('demo-steady', 9004)], sealer)
  await books.sql(`update upstreams set definition =
                     replace(definition, 'http://127.0.0.1:9004', 'http://10.0.0.1:9004')`)
  await putDemoUpstreams(books.pool, [], sealer)
  assert.deepEqual(
    (await read()).map(({ url }) => url),
    ['http://10.0.0.1:9004/v1'],
  )
})
