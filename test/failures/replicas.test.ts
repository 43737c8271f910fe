import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import {
  startDemoUpstream,
  type DemoUpstream,
} from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { testRedisUrl } from '../database.ts'
import { openBooks } from '../books.ts'
import { expectCleanBooks } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { call } from './client.ts'
import { Opened } from './opened.ts'
import { endRelayChildren, startRelayChild } from './relay-child.ts'
import { emptyDatabase } from './site.ts'

const opened = new Opened()
let upstream: DemoUpstream

before(async () => {
  upstream = await startDemoUpstream({ pace: 'fast' })
  opened.closeWith(() => upstream.close())
  opened.closeWith(endRelayChildren)
})
after(() => opened.close())

describe('relays that start at once on an empty database', () => {
  for (const count of [2, 4]) {
    test(`all ${count} come up, on one schema and one list of prices`, async () => {
      const databaseUrl = await emptyDatabase(opened)
      const options = { databaseUrl, redisUrl: testRedisUrl(), upstream }
      const relays = await Promise.all(
        Array.from({ length: count }, () => startRelayChild(options)),
      )
      const books = await openBooks(databaseUrl)
      opened.closeWith(() => books.close())
      const by = await newCustomer(books.pool, { balanceNanos: 1e9 })
      for (const { url } of relays) {
        assert.ok((await call(url, { ...by, model: 'gpt-4o-mini' })).isComplete)
      }
      const [found] = await books.sql(
        `select (select count(*) from migrations where finished_at is not null) as migrations,
                (select count(*) from relays) as relays,
                (select count(*) from installation) as names,
                (select count(distinct model, effective_from) - count(*) from prices) as doubled`,
      )
      const migrations = readdirSync('sql/migrations').length
      assert.deepEqual(found, { migrations, relays: count, names: 1, doubled: 0 })
      for (const relay of relays) assert.deepEqual(await relay.end(), { code: 0, signal: null })
      await expectCleanBooks(books.pool)
    })
  }
})
