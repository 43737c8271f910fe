import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { testBooks, type TestBooks } from '../../../test/books.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { present } from '../../../test/present.ts'
import { addUpstream, addUpstreamKey, rotateKeys } from '../../admin/admin.server.ts'
import { readCliEnv } from '../../config/env.ts'
import { createLog } from '../../telemetry/log.ts'
import {
  readPresets,
  sealerOf,
  UpstreamReader,
  type Sealer,
} from '../../upstreams/upstreams.server.ts'

const sealerBy = (...upstreamSecrets: Buffer[]) => present(sealerOf({ upstreamSecrets }))

describe('upstream rotate', () => {
  const [old, now, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const
  let books: TestBooks
  const rotate = () =>
    capturedCli({
      DATABASE_URL: books.url,
      UPSTREAM_KEYS_SECRET: now.toString('base64'),
      UPSTREAM_KEYS_SECRET_OLD: old.toString('base64'),
    })('upstream', 'rotate', '--json')
  const give = (upstream: string, name: string, sealer: Sealer) => {
    const key = { name, secret: `sk-${upstream}-${name}`, sealer }
    return addUpstreamKey(books.pool, { upstream, key, actor: 'test' })
  }
  const openedBy = async (...secrets: Buffer[]) => {
    const reader = new UpstreamReader(books.pool, sealerBy(...secrets), createLog('silent'))
    const read = present(await reader.readIfChanged())
    return read.flatMap(({ keys }) => keys.map(({ secret }) => secret)).sort()
  }

  before(async () => {
    books = await testBooks()
  })
  after(() => books.close())
  beforeEach(async () => {
    await books.sql('delete from upstreams')
    await books.sql('delete from upstream_keys')
    const preset = present(readPresets().find(({ name }) => name === 'openai'))
    for (const name of ['a', 'b']) {
      const upstream = {
        name,
        definition: preset.definition,
        state: 'on' as const,
        priority: 0,
        weight: 1,
      }
      await addUpstream(books.pool, { upstream, key: undefined, actor: 'test' })
    }
    await give('a', 'one', sealerBy(old))
    await give('a', 'two', sealerBy(now))
    await give('b', 'one', sealerBy(old))
  })

  test('seals every key by the new secret, after which the old one is not needed', async () => {
    assert.deepEqual(await openedBy(now), ['sk-a-two'])
    const { exitCode, out } = await rotate()
    const { resealed, already_current } = JSON.parse(out) as Record<string, number>
    assert.deepEqual([exitCode, resealed, already_current], [0, 2, 1])
    assert.deepEqual(await openedBy(now), ['sk-a-one', 'sk-a-two', 'sk-b-one'])
    assert.deepEqual(await openedBy(old), [])
  })

  test('done again changes nothing', async () => {
    await rotate()
    const sealed = () => books.sql('select id, sealed, sealed_by from upstream_keys order by id')
    const before = await sealed()
    const { resealed, already_current } = JSON.parse((await rotate()).out) as Record<string, number>
    assert.deepEqual([resealed, already_current], [0, 3])
    assert.deepEqual(await sealed(), before)
  })

  test('names what no secret opens, and leaves it as it was', async () => {
    await give('b', 'lost', sealerBy(lost))
    const { exitCode, out } = await rotate()
    const { unopened, resealed } = JSON.parse(out) as { unopened: unknown; resealed: number }
    assert.deepEqual([exitCode, unopened, resealed], [1, [{ upstream: 'b', name: 'lost' }], 2])
    assert.deepEqual(await openedBy(lost), ['sk-b-lost'])
  })

  test('broken off in the middle has changed nothing, and goes through when it is done again', async () => {
    const sealer = sealerBy(now, old)
    let sealed = 0
    const dying: Sealer = {
      ...sealer,
      seal(place, key) {
        if (++sealed === 2) throw new Error('the process ends here')
        return sealer.seal(place, key)
      },
    }
    await assert.rejects(rotateKeys(books.pool, { sealer: dying, actor: 'test' }), /ends here/)
    assert.deepEqual(await openedBy(now), ['sk-a-two'])
    assert.deepEqual(await openedBy(old), ['sk-a-one', 'sk-b-one'])
    assert.equal((await rotate()).exitCode, 0)
    assert.equal((await openedBy(now)).length, 3)
  })

  test('leaves what the own secret of a machine has sealed until that is asked for', async () => {
    await books.sql('delete from upstream_keys')
    const own = { DATABASE_URL: books.url, RELAY_MODE: 'local', SESSION_SECRET: 'x'.repeat(40) }
    const [ownSecret] = readCliEnv(own).upstreamSecrets
    await give('a', 'main', sealerBy(present(ownSecret)))
    const relay = capturedCli({ ...own, UPSTREAM_KEYS_SECRET: now.toString('base64') })
    const left = await relay('upstream', 'rotate')
    assert.equal(left.exitCode, 1)
    assert.match(
      left.out,
      /0 keys are sealed anew.*\n.*own secret of this machine: a main.*every relay/,
    )
    assert.deepEqual(await openedBy(present(ownSecret)), ['sk-a-main'])
    const { exitCode, out } = await relay('upstream', 'rotate', '--from-own')
    assert.equal(exitCode, 0)
    assert.match(out, /1 keys are sealed anew.*start it again/)
    assert.deepEqual(await openedBy(now), ['sk-a-main'])
    assert.doesNotMatch((await relay('upstream', 'list')).out, /unknown secret/)
    const without = await capturedCli(own)('upstream', 'list')
    assert.match(without.out, /main \(sealed by an unknown secret\)/)
  })

  test('by two replicas at once is done once', async () => {
    const both = await Promise.all([rotate(), rotate()])
    const resealed = both.map(({ out }) => (JSON.parse(out) as { resealed: number }).resealed)
    assert.deepEqual(resealed.sort(), [0, 2])
    assert.equal((await openedBy(now)).length, 3)
  })

  test('a key moved to another row opens there for nobody', async () => {
    await books.sql(
      `update upstream_keys x join upstream_keys y on y.upstream = 'b' and y.name = 'one'
          set x.sealed = y.sealed where x.upstream = 'a' and x.name = 'one'`,
    )
    assert.deepEqual(await openedBy(old), ['sk-b-one'])
  })
})
