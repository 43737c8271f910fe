import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { startTcpProxy } from '../../test/failures/tcp-proxy.ts'
import { startYes } from '../../test/failures/yes.ts'
import { engineOf, idleLimit, testDatabase } from '../../test/database.ts'
import { openSql } from '../../test/sql.ts'
import { faultOf } from '../errors/faults.ts'
import { createLane, type Lane } from './lane.ts'
import { parseStatement } from './statement.ts'
import { write } from './write.ts'

const database = await testDatabase()
const engine = await engineOf(database.url)
const { sql, end } = openSql(database.url)
const proxy = await startTcpProxy({ targetPort: Number(new URL(database.url).port) })
const through = proxy.through(database.url)
const lanes: Lane[] = []
const laneOf = (...args: Parameters<typeof createLane>) => {
  const lane = createLane(...args)
  lanes.push(lane)
  return lane
}
after(async () => {
  await Promise.all(lanes.map((lane) => lane.close()))
  await proxy.close()
  await end()
  await database.drop()
})
await sql('create table marks (mark int not null primary key) engine = innodb')
afterEach(() => sql('delete from marks'))

const say = (text: string) => write(parseStatement('test/say', `-- returns many\n${text}`), {})
const begin = say('start transaction')
const mark = say('insert into marks values (1)')
const idOf = async (lane: Lane) => {
  const [rows] = await lane.send([say('select connection_id() as id')])
  return present((rows as { id: number }[])[0]).id
}
const marks = () => sql('select mark from marks')
const isLost = (error: unknown) => faultOf(error) === 'lost'

describe('a lane', () => {
  test('sends many statements at once and answers each', async () => {
    const lane = laneOf(database.url)
    const answers = await lane.send([say('select 1 as a'), mark, say('select 2 as b')])
    assert.deepEqual([answers[0], answers[2]], [[{ a: 1 }], [{ b: 2 }]])
    assert.deepEqual(await lane.send([say('select 3 as c')]), [[{ c: 3 }]])
  })

  test('runs nothing after the first statement that fails', async () => {
    const lane = laneOf(database.url)
    const id = await idOf(lane)
    const failing = lane.send([begin, say('select nothing'), mark, say('commit')])
    await assert.rejects(failing, { errno: 1054 })
    await lane.send([say('rollback')], { continues: true })
    assert.deepEqual(await marks(), [])
    assert.equal(await idOf(lane), id)
  })

  test('never goes on with a transaction on another connection', async () => {
    const lane = laneOf(database.url)
    await lane.send([begin])
    await sql(`kill ${await idOf(lane)}`)
    await assert.rejects(lane.send([mark], { continues: true }), isLost)
    await assert.rejects(lane.send([mark], { continues: true }), isLost)
    assert.deepEqual(await marks(), [])
    await lane.send([mark])
    assert.equal((await marks()).length, 1)
  })

  test('leaves no transaction open behind an error that only the server knows about', async () => {
    const lane = laneOf(database.url)
    const id = await idOf(lane)
    await lane.send([begin, mark])
    // 1290: the server has become read-only, as in a failover.
    const readOnly = say(`signal sqlstate '45000' set mysql_errno = 1290`)
    await assert.rejects(lane.send([readOnly], { continues: true }), isLost)
    await lane.send([begin, say('commit')])
    assert.notEqual(await idOf(lane), id)
    assert.deepEqual(await marks(), [])
  })

  test('that is stopped within a transaction does not keep its locks', async () => {
    const lane = laneOf(database.url)
    // In place of the ten seconds of its session.
    await lane.send([say(`set session ${idleLimit(engine)} = 1`), begin, mark])
    await sql('insert into marks values (1)')
    await assert.rejects(lane.send([say('commit')], { continues: true }), isLost)
    assert.equal((await marks()).length, 1)
  })

  test('that the server has cut for having nothing to do is made anew, and loses nothing', async () => {
    const lane = laneOf(database.url)
    // As MySQL would do it after ten seconds, in a transaction or not.
    await lane.send([say('set session wait_timeout = 1')])
    const id = await idOf(lane)
    await eventually('the connection is gone', async () => {
      const rows = await sql('select 1 from information_schema.processlist where id = ?', [id])
      return rows.length === 0
    })
    const next = async () => lane.send([begin, mark, say('commit')])
    await next().catch((error: unknown) => {
      // Sent before word of the cut was here: nothing was done, and nothing stands in the way.
      assert.ok(isLost(error))
      return next()
    })
    assert.equal((await marks()).length, 1)
    assert.notEqual(await idOf(lane), id)
  })

  test('gives a database that does not answer up, and finds it again', async () => {
    const lane = laneOf(through, { answerMsMax: 100 })
    await lane.send([begin, mark])
    proxy.freeze(true)
    await assert.rejects(lane.send([say('commit')], { continues: true }), isLost)
    proxy.freeze(false)
    assert.deepEqual(await lane.send([say('select 1 as a')]), [[{ a: 1 }]])
  })

  test('counts whatever keeps it from connecting as a loss, a wrong password too', async () => {
    const wrong = new URL(database.url)
    wrong.password = 'wrong'
    const nowhere = database.url.replace(database.name, 't_nowhere')
    for (const url of [wrong.href, nowhere]) await assert.rejects(laneOf(url).send([begin]), isLost)
    proxy.refuse(true)
    const lane = laneOf(through)
    await assert.rejects(lane.send([begin]), isLost)
    proxy.refuse(false)
    await lane.send([begin])
  })

  test('is lost where what is there says yes to everything, and is no database', async (t) => {
    const lane = laneOf(await startYes(t))
    await assert.rejects(lane.send([begin]), isLost)
  })

  test('sets its session up: committed reads, UTC, short waits for locks, strict', async () => {
    const lane = laneOf(database.url)
    const look = say(
      `select @@session.time_zone as zone, @@session.innodb_lock_wait_timeout as wait,
              @@session.${idleLimit(engine)} as idle, @@session.net_read_timeout as half,
              @@autocommit as autocommit,
              @@session.wait_timeout = @@global.wait_timeout as mayRest,
              find_in_set('STRICT_ALL_TABLES', @@session.sql_mode) > 0 as strict`,
    )
    // Only MySQL's limit is one for connections that do nothing, too.
    const mayRest = engine.isMariadb ? 1 : 0
    assert.deepEqual(await lane.send([look]), [
      [{ zone: '+00:00', wait: 1, idle: 10, half: 10, autocommit: 1, mayRest, strict: 1 }],
    ])
    // Each server has it under its own name, and some under both.
    const isolation = say(`show session variables where variable_name in
                             ('transaction_isolation', 'tx_isolation')`)
    const [rows] = await lane.send([isolation])
    const levels = (rows as { Value: string }[]).map(({ Value }) => Value)
    assert.deepEqual([...new Set(levels)], ['READ-COMMITTED'])
  })
})
