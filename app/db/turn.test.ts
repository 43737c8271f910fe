import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { eventually } from '../../dev/command/eventually.ts'
import { testDatabase } from '../../test/database.ts'
import { openSql } from '../../test/sql.ts'
import { faultOf } from '../errors/faults.ts'
import { inTurn, TurnLost } from './turn.ts'

const database = await testDatabase()
const { sql, end } = openSql(database.url)
after(async () => {
  await end()
  await database.drop()
})

const work = (name: string, todo: Parameters<typeof inTurn>[2], options = {}) =>
  inTurn(database.url, name, todo, options)
/** Nothing of this process happens meanwhile, as if it were stopped. */
const stop = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
const deadOne = Buffer.alloc(16, 1)
const ofADeadProcess = (name: string, seconds: number) =>
  sql(
    `insert into turns (name, holder, held_until)
     values (?, ?, current_timestamp(3) + interval ? second)`,
    [name, deadOne, seconds],
  )

describe('a turn', () => {
  test('is one process’s at a time, however many ask for it at once', async () => {
    let atOnce = 0
    let most = 0
    const one = () =>
      work('many', async ({ db, keep }) => {
        most = Math.max(most, ++atOnce)
        await keep()
        await db.query('select 1')
        atOnce--
        return 'done'
      })
    assert.deepEqual(await Promise.all([one(), one(), one()]), ['done', 'done', 'done'])
    assert.equal(most, 1)
  })

  test('of another name waits for nobody', async () => {
    const inner = () => work('inner', () => Promise.resolve('inner'))
    assert.equal(await work('outer', inner), 'inner')
  })

  test('is over when its work fails', async () => {
    const thrown = new Error('a mistake of ours')
    await assert.rejects(
      work('failing', () => Promise.reject(thrown)),
      thrown,
    )
    assert.equal(await work('failing', () => Promise.resolve('next')), 'next')
  })

  test('of a process that died is the next one’s when its time is over, and not before', async () => {
    await ofADeadProcess('dead', 1)
    const [held] = await sql<{ until: Date }>(
      `select held_until as until from turns where name = 'dead'`,
    )
    const text = 'select current_timestamp(3) >= ? as isOver'
    const [next] = await inTurn(database.url, 'dead', () =>
      sql<{ isOver: number }>(text, [held?.until]),
    )
    assert.equal(next?.isOver, 1)
    await ofADeadProcess('living', 60)
    await assert.rejects(
      work('living', () => Promise.resolve(), { waitMsMax: 1 }),
      /another process has had its turn at "living"/,
    )
  })

  test('that another has taken is not kept: what was about to run does not', async () => {
    await assert.rejects(
      work(
        'taken',
        async ({ keep }) => {
          await sql(`update turns set holder = ? where name = 'taken'`, [deadOne])
          await eventually('a renewal is due', async () => {
            await keep()
            return false
          })
        },
        { leaseSeconds: 1 },
      ),
      TurnLost,
    )
    const [row] = await sql<{ holder: Buffer }>(`select holder from turns where name = 'taken'`)
    assert.ok(row?.holder.equals(deadOne), 'its end does not end that of the other')
  })

  test('is kept while a statement takes longer than it', async () => {
    const renewed = await work(
      'long',
      async ({ db, keep }) => {
        await db.query('do sleep(2)')
        await keep()
        return true
      },
      { leaseSeconds: 1, renewEveryMs: 200 },
    )
    assert.equal(renewed, true)
  })

  test('a process that slept is told what has become of its turn', async () => {
    const sleeper = work(
      'late',
      async ({ keep }) => {
        stop(2_500)
        await keep()
      },
      { leaseSeconds: 4, idleSecondsMax: 1 },
    )
    await assert.rejects(sleeper, TurnLost)
  })

  test('a process that slept before a drop does not drop what others have filled since', async () => {
    await sql('create table successor (id int primary key)')
    const sleeper = work(
      'slept',
      async ({ db, keep }) => {
        await keep()
        stop(2_500)
        await db.query('drop table successor')
      },
      { leaseSeconds: 4, idleSecondsMax: 1 },
    )
    await assert.rejects(sleeper, (error) => faultOf(error) === 'lost')
    // The other's turn begins no earlier than here, where the connection is cut already.
    await work('slept', ({ db }) => db.query('insert into successor values (1)'))
    assert.deepEqual(await sql('select id from successor'), [{ id: 1 }])
  })
})
