import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../dev/command/eventually.ts'
import { readCalls } from '../calls.ts'
import { expectCleanBooks, whenNothingIsHeld } from '../clean-books.ts'
import { newCustomer } from '../customer.ts'
import { call, type Heard } from './client.ts'
import { expectBilledOnce } from './expect-billed.ts'
import { Opened } from './opened.ts'
import { emptyDatabase, openSite, type Site } from './site.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

const opened = new Opened()
const model = 'whole-both'
let site: Site
let hosts: [TcpProxy, TcpProxy]
let databaseUrl: string

before(async () => {
  const url = await emptyDatabase(opened)
  site = await openSite(opened, { databaseUrl: url })
  const start = () => startTcpProxy({ targetPort: Number(new URL(url).port) })
  hosts = [await start(), await start()]
  for (const host of hosts) opened.closeWith(() => host.close())
  const [first, second] = hosts
  databaseUrl = first.through(url).replace(/(:\d+)(?=\/\w+$)/, `$1,127.0.0.1:${second.port}`)
})
after(() => opened.close())

describe('a relay whose database has several hosts', () => {
  test('answers every call though the one it writes to dies, and says so in one line', async () => {
    const relay = await site.startRelay({ databaseUrl })
    const customers = await Promise.all(
      Array.from({ length: 4 }, () => newCustomer(site.books.pool, { balanceNanos: 100e9 })),
    )
    const heard: Heard[] = []
    let isOver = false
    const work = customers.flatMap(({ secret }) =>
      [false, true].map(async (isStreamed) => {
        while (!isOver) heard.push(await call(relay.url, { secret, model, isStreamed }))
      }),
    )
    const grown = (by: number) => {
      const least = heard.length + by
      return eventually('calls go on', () => Promise.resolve(heard.length >= least))
    }
    await grown(40)
    const [first] = hosts
    first.refuse(true)
    first.dropAll()
    await grown(80)
    isOver = true
    await Promise.all(work)
    const broken = heard.filter(({ isComplete }) => !isComplete)
    assert.deepEqual(
      broken.map(({ status, text }) => [status, text]),
      [],
    )
    await whenNothingIsHeld(site.books.sql)
    await expectCleanBooks(site.books.pool)
    await expectBilledOnce(site.books.sql, heard, site.upstream)
    const rows = await readCalls(site.books.sql)
    assert.equal(rows.length, heard.length)
    const lines = relay.logged().split('\n')
    const moves = lines.filter((line) => line.includes('"database_host_changed"'))
    assert.equal(moves.length, 1, moves.join('\n'))
    assert.match(moves[0] ?? '', new RegExp(`"from":"127.0.0.1:${first.port}","to":"127.0.0.1:`))
    first.refuse(false)
  })

  test('starts where the first of them is away, and says which', async () => {
    const [first] = hosts
    first.refuse(true)
    const relay = await site.startRelay({ databaseUrl })
    const by = await newCustomer(site.books.pool, { balanceNanos: 1e9 })
    assert.ok((await call(relay.url, { ...by, model })).isComplete)
    assert.match(
      relay.logged(),
      new RegExp(`"database_host_away","host":"127.0.0.1:${first.port}"`),
    )
    first.refuse(false)
  })
})
