import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { testRedisUrl } from '../../test/database.ts'
import { listPrice, startStage, type Stage } from '../../test/stage.ts'
import { seedCatalog } from '../catalog/catalog.server.ts'

let stage: Stage
let cli: ReturnType<typeof capturedCli>
before(async () => {
  stage = await startStage()
  const { DATABASE_URL } = stage.relay.env
  cli = capturedCli({ DATABASE_URL, REDIS_URL: testRedisUrl() })
})
after(async () => {
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
  await stage.stop()
})

type Listed = { id: string; owned_by: string }
async function get(path: string, secret = stage.customer.secret) {
  const headers = { authorization: `Bearer ${secret}` }
  const answer = await fetch(stage.relay.url + path, { headers })
  return { status: answer.status, body: (await answer.json()) as Listed & { data: Listed[] } }
}
const relay = async (...args: string[]) => {
  const { exitCode, out, err } = await cli(...args, '--json')
  return { exitCode, err, document: JSON.parse(out || '{}') as Record<string, unknown> }
}
const call = (model: string, customer = stage.customer) => stage.ask({ body: { model }, customer })
/** Until the relay has heard of a change of its catalogue. */
const heard = (what: string, status: number, model: string) =>
  eventually(what, async () => (await call(model)).status === status)

describe('an alias', () => {
  test('is called by its name, forwarded as it was written, and booked as its model', async () => {
    const answer = await call('gpt-4o-2024-08-06')
    assert.equal(answer.status, 200, answer.text)
    const row = await stage.lastCall()
    const served = stage.servedFor(row)
    assert.equal(served.model, 'gpt-4o-2024-08-06')
    assert.equal(row.model, 'gpt-4o')
    assert.equal(row.cost, listPrice('gpt-4o', served))
  })

  test('of every model of the seed answers to its name, and is in the list', async () => {
    const { body } = await get('/models')
    const listed = body.data.map(({ id }) => id)
    const names = ['gpt-4o-mini-2024-07-18', 'o1-2024-12-17', 'chatgpt-4o-latest', 'gpt-4o']
    for (const name of names) {
      assert.equal(listed.filter((id) => id === name).length, 1, name)
      assert.equal((await get(`/models/${name}`)).body.id, name)
      assert.equal((await call(name)).status, 200, name)
    }
  })

  test('that costs something else is a model of its own', async () => {
    for (const model of ['gpt-4o-2024-05-13', 'chatgpt-4o-latest']) {
      await call(model)
      const row = await stage.lastCall()
      assert.equal(row.model, model)
      assert.equal(row.cost, listPrice(model, stage.servedFor(row)))
      assert.notEqual(row.cost, listPrice('gpt-4o', stage.servedFor(row)))
    }
  })

  test('is within the models of a key, and another model of the kind is not', async () => {
    const { accountId } = stage.customer
    const key = await stage.newKey(accountId, { models: ['gpt-4o'] })
    assert.equal((await call('gpt-4o-2024-11-20', key)).status, 200)
    assert.equal((await call('gpt-4o-2024-05-13', key)).status, 403)
    assert.equal((await get('/models/gpt-4o-2024-11-20', key.secret)).status, 200)
    assert.equal((await get('/models/gpt-4o-mini-2024-07-18', key.secret)).status, 404)
  })

  test('on the list of a new key stands for its model', async () => {
    const account = String(stage.customer.accountId)
    const models = 'gpt-4o-2024-08-06,gpt-4o,o1-2024-12-17'
    const { document } = await relay(
      'key',
      'create',
      '--account',
      account,
      '--name',
      'k',
      '--models',
      models,
    )
    assert.deepEqual(document.models, ['gpt-4o', 'o1'])
  })

  test('is given and taken back by an operator, for good', async () => {
    const added = await relay('model', 'alias', 'add', 'fast', 'gpt-4o-mini')
    assert.deepEqual([added.exitCode, added.document.model], [0, 'gpt-4o-mini'])
    await heard('the alias is heard of', 200, 'fast')
    const { model, otherModel } = await stage.lastCall()
    // The answer names the alias, as it was asked, which is no other model.
    assert.deepEqual([model, otherModel], ['gpt-4o-mini', null])
    for (const [words, code] of [
      ['fast gpt-4o', 'alias_exists'],
      ['gpt-4o gpt-4', 'model_exists'],
      ['new none', 'no_such_model'],
    ] as const) {
      const { exitCode, document } = await relay('model', 'alias', 'add', ...words.split(' '))
      assert.deepEqual([exitCode, (document.error as { code: string }).code], [1, code])
    }
    for (const alias of ['fast', 'gpt-4o-2024-11-20']) {
      assert.equal((await relay('model', 'alias', 'remove', alias)).exitCode, 0)
      assert.equal((await relay('model', 'alias', 'remove', alias)).exitCode, 1)
      await heard('it is gone', 404, alias)
    }
    // A start seeds the catalogue anew.
    await seedCatalog(stage.relay.services.db)
    await stage.relay.services.catalog.refresh()
    assert.equal((await call('gpt-4o-2024-11-20')).status, 404)
    assert.equal((await relay('model', 'alias', 'add', 'gpt-4o-2024-11-20', 'gpt-4o')).exitCode, 0)
    await heard('it is back', 200, 'gpt-4o-2024-11-20')
    const { document } = await relay('model', 'alias', 'list')
    assert.ok(JSON.stringify(document).includes('{"alias":"gpt-4o-2024-11-20","model":"gpt-4o"}'))
  })

  test('gives way to a model of its name', async () => {
    const added = await relay('model', 'add', 'o3-mini-2025-01-31', '--like', 'gpt-4')
    assert.equal(added.exitCode, 0, added.err)
    await eventually('the model is heard of', async () => {
      await call('o3-mini-2025-01-31')
      return (await stage.lastCall()).model === 'o3-mini-2025-01-31'
    })
    const { body } = await get('/models')
    assert.equal(body.data.filter(({ id }) => id === 'o3-mini-2025-01-31').length, 1)
  })
})

describe('the name of a model', () => {
  const names = ['@cf/meta/llama-3.1-8b', '通义千问', 'модель-1', 'hf.co/a/b:Q4_K_M', '~x', 'नमस्ते']
  for (const name of names)
    test(`may be ${name}, from the command line to the books`, async () => {
      const added = await relay('model', 'add', name, '--like', 'gpt-4o')
      assert.equal(added.exitCode, 0, added.err)
      await heard('the model is heard of', 200, name)
      const row = await stage.lastCall()
      assert.equal(row.model, name)
      assert.equal(stage.servedFor(row).model, name)
      for (const path of [name, encodeURIComponent(name), encodeURI(name)])
        assert.equal((await get(`/models/${path}`)).body.id, name)
      const key = await stage.newKey(stage.customer.accountId, { models: [name] })
      assert.equal((await call(name, key)).status, 200)
      assert.equal((await call('gpt-4o', key)).status, 403)
    })

  test('is one word, which no list and no terminal takes for something else', async () => {
    for (const name of ['a,b', 'a b', '-x', '', 'a\u202eb', '"x"', '/x', 'x'.repeat(101), '\u0301'])
      assert.equal((await cli('model', 'add', '--like', 'gpt-4o', '--', name)).exitCode, 2, name)
  })
})
