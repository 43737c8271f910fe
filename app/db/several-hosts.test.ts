import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { eventually } from '../../dev/command/eventually.ts'
import { testDatabase } from '../../test/database.ts'
import { startTcpProxy } from '../../test/failures/tcp-proxy.ts'
import { present } from '../../test/present.ts'
import { openSql } from '../../test/sql.ts'
import { readDatabaseHosts } from '../config/database-address.ts'
import { faultOf } from '../errors/faults.ts'
import { followHosts } from './follow-hosts.ts'
import { chooseHosts } from './hosts.ts'
import { createLane } from './lane.ts'
import { createPool } from './pool.ts'
import { bind, parseStatement } from './statement.ts'
import { write } from './write.ts'

// Two ways to one server are two hosts of one store.
const database = await testDatabase()
const { sql, end } = openSql(database.url)
await sql('create table marks (mark int not null primary key) engine = innodb')
const targetPort = Number(new URL(database.url).port)
const proxies = [await startTcpProxy({ targetPort }), await startTcpProxy({ targetPort })] as const
const [first, second] = proxies
const address = first
  .through(database.url)
  .replace(/(:\d+)\/(\w+)$/, `$1,127.0.0.1:${second.port}/$2`)
const nameOf = ({ port }: { port: number }) => `127.0.0.1:${port}`

const closing: (() => unknown)[] = []
const bounds = { lookEveryMs: 20, lookAgainMs: 1, backAfterMs: 200 }
function choose(changes: Partial<typeof bounds> = {}) {
  const moves: string[] = []
  const hosts = chooseHosts(readDatabaseHosts(address), {
    bounds: { ...bounds, ...changes },
    onMove: ({ from, to }) => void moves.push(`${from} to ${to}`),
  })
  closing.push(hosts.watch())
  const at = async () => (await hosts.pick()).host.name
  return { hosts, moves, at }
}
const laneTo = (...args: Parameters<typeof createLane>) => {
  const lane = createLane(...args)
  closing.push(() => lane.close())
  return lane
}
const poolTo = (...args: Parameters<typeof createPool>) => {
  const pool = createPool(args[0], { onError: () => undefined, ...args[1] })
  closing.push(() => pool.close())
  return pool
}
afterEach(async () => {
  proxies.forEach((proxy) => (proxy.refuse(false), proxy.freeze(false)))
  await Promise.all(closing.splice(0).map((close) => close()))
  await sql('delete from marks')
})
after(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()))
  await end()
  await database.drop()
})

const kill = (proxy: typeof first) => (proxy.refuse(true), proxy.dropAll())
const file = (text: string) => parseStatement('test/say', `-- returns many\n${text}`)
const say = (text: string) => write(file(text), {})
const [begin, commit] = [say('start transaction'), say('commit')]
const mark = (value: number) => say(`insert into marks values (${value})`)
const marks = async () => (await sql<{ mark: number }>('select mark from marks')).length
const isLost = (error: unknown) => faultOf(error) === 'lost'

describe('a lane to several hosts', () => {
  test('begins its next transaction at the next one when its own has died', async () => {
    const { hosts, moves } = choose()
    const lane = laneTo(hosts)
    await lane.send([begin, mark(1)])
    kill(first)
    await assert.rejects(lane.send([commit], { continues: true }), isLost)
    await lane.send([begin, mark(2), commit])
    assert.equal(await marks(), 1)
    assert.deepEqual(moves, [`${nameOf(first)} to ${nameOf(second)}`])
  })

  test('goes back between two transactions, and never within one', async () => {
    const { hosts, at } = choose()
    const lane = laneTo(hosts)
    first.refuse(true)
    await lane.send([begin, mark(1)])
    first.refuse(false)
    await eventually('it is gone back', async () => (await at()) === nameOf(first))
    await lane.send([mark(2)], { continues: true })
    await lane.send([commit], { continues: true })
    assert.equal(await marks(), 2)
    // What is sent by the second would not come back.
    second.freeze(true)
    await lane.send([begin, mark(3), commit])
    assert.equal(await marks(), 3)
  })

  test('does not wait for one that was given up', async () => {
    const { hosts } = choose()
    const lane = laneTo(hosts, { answerMsMax: 60_000 })
    await lane.send([begin, mark(1)])
    first.freeze(true)
    await assert.rejects(lane.send([commit], { continues: true }), isLost)
    await assert.rejects(lane.send([mark(2)], { continues: true }), isLost)
    await lane.send([begin, mark(3), commit])
    assert.equal(hosts.hasLeft(await hosts.pick()), false)
  })
})

describe('a pool to several hosts', () => {
  const ask = async (pool: ReturnType<typeof createPool>) =>
    present(((await pool.send(bind(file('select 1 as one'), {}))) as { one: number }[])[0]).one

  test('answers what only reads, whichever of its hosts has died', async () => {
    const { hosts, moves } = choose()
    const pool = poolTo(hosts)
    assert.equal(await ask(pool), 1)
    kill(first)
    assert.deepEqual(await Promise.all([ask(pool), ask(pool), ask(pool)]), [1, 1, 1])
    assert.deepEqual(moves, [`${nameOf(first)} to ${nameOf(second)}`])
  })

  test('never does by itself again what may have been done', async () => {
    const { hosts } = choose()
    const pool = poolTo(hosts)
    await ask(pool)
    const cut = first.cutAfterClientSends('insert into marks')
    await assert.rejects(pool.send(bind(file('insert into marks values (7)'), {})), isLost)
    await cut
    assert.equal(await marks(), 1)
  })

  test('lets what is under way end where it began, and begins elsewhere', async () => {
    const { hosts, at } = choose()
    const pool = poolTo(hosts)
    first.refuse(true)
    await ask(pool)
    const done = pool.transact(async (db) => {
      await db.send(bind(file('insert into marks values (1)'), {}))
      first.refuse(false)
      await eventually('it is gone back', async () => (await at()) === nameOf(first))
      assert.equal(await ask(pool), 1)
      await db.send(bind(file('insert into marks values (2)'), {}))
    })
    await done
    assert.equal(await marks(), 2)
    second.freeze(true)
    assert.equal(await ask(pool), 1)
  })

  test('names each host where it can work with none', async () => {
    kill(first)
    kill(second)
    const { code, message } = (await ask(poolTo(address)).catch(
      (error: unknown) => error,
    )) as Error & {
      code: string
    }
    assert.equal(code, 'LANE_NO_HOST')
    for (const proxy of proxies) assert.ok(message.includes(nameOf(proxy)), message)
  })
})

test('a thread follows the one that chooses', async () => {
  const { hosts, at } = choose({ backAfterMs: 60_000 })
  const followed = followHosts(address, present(hosts.shared))
  await assert.rejects(followed.pick(), { code: 'LANE_NO_HOST' })
  const pool = poolTo(followed)
  const ask = () => pool.send(bind(file('select 1'), {}))
  await at()
  await ask()
  const term = await followed.pick()
  assert.equal(term.host.name, nameOf(first))
  kill(first)
  // Nobody has asked the one that chooses: its watch sees it.
  await ask()
  assert.equal((await followed.pick()).host.name, nameOf(second))
  assert.ok(followed.hasLeft(term))
  // What fails late at the one that is left keeps nobody from the other.
  followed.doubt(term)
  const atOnce = Promise.race([followed.pick(), new Promise((resolve) => setImmediate(resolve))])
  assert.notEqual(await atOnce, undefined)
})

test('a thread that follows is told of answers that do not come from a host that was left', async (t) => {
  const shared = new Int32Array([0])
  const followed = followHosts(address, shared)
  t.after(followed.watch())
  const { lost } = await followed.pick()
  assert.equal(lost?.aborted, false)
  shared[0] = 1
  await eventually('it is given up', () => lost?.aborted === true)
  assert.equal((await followed.pick()).lost?.aborted, false)
})
