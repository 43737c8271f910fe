import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { checkFailed, engineOf, idleLimit, testDatabase } from '../../test/database.ts'
import { openSql } from '../../test/sql.ts'
import { faultOf } from '../errors/faults.ts'
import { createPool, isRolledBack, rollBack } from './pool.ts'
import type { Db } from './run.ts'
import { bind, parseStatement } from './statement.ts'

const database = await testDatabase()
const engine = await engineOf(database.url)
const pool = createPool(database.url)
const { sql, end } = openSql(database.url)
after(async () => {
  await pool.close()
  await end()
  await database.drop()
})
await sql(
  `create table things (id int primary key, value bigint not null default 0, at datetime(3),
                        check (value >= 0)) engine = innodb`,
)
beforeEach(async () => {
  await sql('delete from things')
  await sql('insert into things (id) values (1), (2)')
})

type Rows = Record<string, unknown>[]
const ask = async (db: Db, text: string) => {
  const file = parseStatement('test/ask', `-- returns many\n${text}`)
  return (await db.send(bind(file, {}))) as Rows
}
const valueOf = async (id: number) => {
  const [row] = await sql<{ value: number }>('select value from things where id = ?', [id])
  return row?.value
}
const add = (db: Db, id: number, value: number) =>
  ask(db, `update things set value = value + ${value} where id = ${id}`)
const lock = (db: Db, id: number) => ask(db, `select id from things where id = ${id} for update`)
const connectionOf = async (db: Db) =>
  present((await ask(db, 'select connection_id() as id'))[0]).id

/** Resolves with its `meet` when as many as expected have come. */
function meeting(expected: number) {
  let arrived = 0
  let open = () => {}
  const all = new Promise<void>((resolve) => (open = resolve))
  return () => {
    if (++arrived >= expected) open()
    return all
  }
}

describe('a transaction', () => {
  test('is committed when its work is done', async () => {
    assert.equal(await pool.transact(async (db) => (await add(db, 1, 5), 'done')), 'done')
    assert.equal(await valueOf(1), 5)
  })

  test('that is refused leaves nothing, and costs no connection', async () => {
    const single = createPool(database.url, { size: 1 })
    const ids: unknown[] = []
    for (let i = 0; i < 3; i++) {
      const result = await single.transact(async (db) => {
        ids.push(await connectionOf(db))
        await add(db, 1, 5)
        return rollBack('no')
      })
      assert.ok(isRolledBack(result) && result.rolledBack === 'no')
    }
    assert.equal(new Set(ids).size, 1)
    assert.equal(await valueOf(1), 0)
    await single.close()
  })

  test('whose work throws leaves nothing', async () => {
    const thrown = new Error('a mistake of ours')
    const work = pool.transact(async (db) => {
      await add(db, 1, 5)
      throw thrown
    })
    await assert.rejects(work, thrown)
    // Waits for the server to have rolled back, if it had not yet.
    await sql('update things set value = value + 1 where id = 1')
    assert.equal(await valueOf(1), 1)
  })

  test('that a guard stops is not run again', async () => {
    let runs = 0
    const work = pool.transact(async (db) => {
      runs++
      await add(db, 2, 7)
      await add(db, 1, -1)
    })
    await assert.rejects(work, { errno: checkFailed(engine) })
    assert.equal(runs, 1)
    await sql('update things set value = value + 1 where id = 2')
    assert.equal(await valueOf(2), 1)
  })

  test('that deadlocks with another is run again, until both are done', async () => {
    let runs = 0
    const bothHoldOne = meeting(2)
    const cross = (first: number, second: number) =>
      pool.transact(async (db) => {
        runs++
        await lock(db, first)
        await bothHoldOne()
        await add(db, second, 1)
        await add(db, first, 10)
      })
    await Promise.all([cross(1, 2), cross(2, 1)])
    assert.ok(runs > 2, 'there was a deadlock')
    assert.deepEqual([await valueOf(1), await valueOf(2)], [11, 11])
  })

  test('that has waited too long for a lock leaves nothing half-done', async () => {
    await sql('start transaction')
    await sql('select id from things where id = 2 for update')
    // MySQL takes no less than a second.
    const leastWait = engine.isMariadb ? 0 : 1
    let runs = 0
    const work = pool.transact(async (db) => {
      runs++
      if (runs === 1) await ask(db, `set session innodb_lock_wait_timeout = ${leastWait}`)
      // The second run waits until the lock has gone.
      else await sql('commit')
      await add(db, 1, 5)
      await add(db, 2, 5)
    })
    await work
    assert.equal(runs, 2)
    assert.deepEqual([await valueOf(1), await valueOf(2)], [5, 5])
  })

  test('does not keep its locks when its process is stopped', async () => {
    const work = pool.transact(async (db) => {
      const limit = idleLimit(engine)
      const [found] = await ask(db, `select @@session.${limit} as seconds`)
      assert.equal(present(found).seconds, engine.isMariadb ? 10 : 15)
      await ask(db, `set session ${limit} = 1`)
      await add(db, 1, 5)
      // As long as the server lets us hold the row, this waits.
      await sql('update things set value = value + 1 where id = 1')
    })
    await assert.rejects(work, (error) => faultOf(error) === 'lost')
    assert.equal(await valueOf(1), 1)
  })

  test('that always deadlocks gives up with that error', async () => {
    let runs = 0
    const deadlock = Object.assign(new Error('Deadlock found'), { errno: 1213 })
    const work = pool.transact(() => {
      runs++
      return Promise.reject(deadlock)
    })
    await assert.rejects(work, deadlock)
    assert.equal(runs, 5)
  })

  test('reads what others have committed meanwhile, and waits for their locks', async () => {
    await pool.transact(async (db) => {
      await ask(db, 'select value from things where id = 1')
      await sql('update things set value = 9 where id = 1')
      assert.deepEqual(
        { ...(await ask(db, 'select value from things where id = 1'))[0] },
        { value: 9 },
      )
    })
    const turns = Array.from({ length: 20 }, () =>
      pool.transact(async (db) => {
        await lock(db, 2)
        const [row] = await ask(db, 'select value from things where id = 2')
        await add(db, 2, Number(present(row).value) + 1)
      }),
    )
    await Promise.all(turns)
    // Each found all of the one before: 2ⁿ − 1. One lost update, and it would be less.
    assert.equal(await valueOf(2), 2 ** 20 - 1)
  })
})

describe('a snapshot', () => {
  test('is of one moment, and leaves nothing behind for the next who has its connection', async () => {
    const single = createPool(database.url, { size: 1 })
    await single.snapshot(async (db) => {
      await sql('update things set value = 3 where id = 1')
      assert.equal(present((await ask(db, 'select value from things where id = 1'))[0]).value, 0)
      await sql('update things set value = 4 where id = 2')
      assert.equal(present((await ask(db, 'select value from things where id = 2'))[0]).value, 0)
    })
    await single.transact(async (db) => {
      await ask(db, 'select value from things')
      await sql('update things set value = 8 where id = 1')
      assert.equal(present((await ask(db, 'select value from things where id = 1'))[0]).value, 8)
    })
    await single.close()
  })

  test('cannot write', async () => {
    await assert.rejects(
      pool.snapshot((db) => add(db, 1, 1)),
      { errno: 1792 },
    )
    assert.equal(await valueOf(1), 0)
  })
})

describe('the session', () => {
  const put = parseStatement(
    'test/put',
    '-- returns count\n-- :at time\nupdate things set at = :at',
  )

  test('keeps a moment to the millisecond, in UTC, whatever the zone of either side', async () => {
    await sql(`set session time_zone = '+07:00'`)
    for (const text of [
      '2026-03-29T02:30:00.123Z',
      '1999-12-31T23:59:59.999Z',
      '2026-07-01T00:00Z',
    ]) {
      const at = new Date(text)
      await pool.send(bind(put, { at }))
      assert.deepEqual(present((await ask(pool, 'select at from things'))[0]).at, at)
      const [raw] = await sql('select cast(at as char) as at from things')
      assert.equal(raw?.at, at.toISOString().replace('T', ' ').replace('Z', ''))
    }
    const [now] = await ask(pool, 'select timestampdiff(second, utc_timestamp(), now()) as apart')
    assert.equal(present(now).apart, 0)
  })

  test('reads days as text and whole numbers as numbers', async () => {
    const [row] = await ask(
      pool,
      `select cast('2026-02-03' as date) as day, 9007199254740991 as largest, 1 = 1 as yes`,
    )
    assert.deepEqual({ ...row }, { day: '2026-02-03', largest: Number.MAX_SAFE_INTEGER, yes: 1 })
  })
})
