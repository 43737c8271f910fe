import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { eventually } from '../../dev/command/eventually.ts'
import {
  callOf,
  ledgerOptions,
  openBooks,
  priceTestCalls,
  reserve,
  settle,
  type Books,
} from '../../test/books.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { present } from '../../test/present.ts'
import { openClusterSql, startTestCluster } from '../../test/failures/own-cluster.ts'
import { Opened } from '../../test/failures/opened.ts'
import type { Sql } from '../../test/sql.ts'
import { createLane, faultOf, written, type Db } from '../db/db.server.ts'
import { bind, parseStatement } from '../db/statement.ts'
import { write } from '../db/write.ts'
import { createLedger } from './ledger.server.ts'

const say = (text: string) => write(parseStatement('test/say', `-- returns many\n${text}`), {})
const [begin, commit] = [written('ledger/begin', {}), written('ledger/commit', {})]

describe('on a cluster with two writing nodes', () => {
  const opened = new Opened()
  let nodes: string[]
  let books: Books
  let elsewhere: Sql
  before(async () => {
    const cluster = await startTestCluster(opened)
    await cluster.createDatabase('books')
    const [here, there] = (nodes = cluster.nodes.map((node) => node.url('books')))
    books = await openBooks(present(here))
    opened.closeWith(() => books.close())
    await priceTestCalls(books)
    await books.sql('set session wsrep_sync_wait = 15')
    elsewhere = openClusterSql(opened, present(there))
  })
  after(() => opened.close())

  test('a list that another node aborts within leaves nothing, and is to be done again', async () => {
    const { sql } = books
    await sql('create table rows_of_two (id int primary key, value int not null)')
    await sql('insert into rows_of_two values (1, 0)')
    const lane = createLane(books.url)
    await lane.send([begin, say('select value from rows_of_two where id = 1 for update')])
    const list = lane.send(
      [
        say('update rows_of_two set value = 1 where id = 1'),
        say('do sleep(3)'),
        say('insert into rows_of_two values (2, 1)'),
        say('insert into rows_of_two values (3, 1)'),
        commit,
      ],
      { continues: true },
    )
    const rejected = assert.rejects(list, (error) => faultOf(error) === 'again')
    await eventually('the list is under way', async () => {
      const text = `select 1 from information_schema.processlist where info like 'do sleep%'`
      return (await sql(text)).length > 0
    })
    await elsewhere('update rows_of_two set value = 100 where id = 1')
    await rejected
    // The server has rolled back already, and may say so once more.
    await lane.send([written('ledger/rollback', {})], { continues: true }).catch(() => undefined)
    await lane.send([begin, commit])
    await lane.close()
    const left = 'select id, value from rows_of_two order by id'
    assert.deepEqual(await sql(left), [{ id: 1, value: 100 }])
    assert.deepEqual(await elsewhere(left), [{ id: 1, value: 100 }])
  })

  test('a transaction of the pool that another node aborts is done once, and whole', async () => {
    const { sql, pool } = books
    await sql('create table rows_of_one (id int primary key, value int not null)')
    await sql('insert into rows_of_one values (1, 0)')
    const ask = (db: Db, text: string) =>
      db.send(bind(parseStatement('test/ask', `-- returns many\n${text}`), {}))
    let runs = 0
    await pool.transact(async (db) => {
      await ask(db, 'update rows_of_one set value = value + 1 where id = 1')
      if (runs++ === 0) await elsewhere('update rows_of_one set value = 100 where id = 1')
      await ask(db, 'insert into rows_of_one values (2, 1)')
    })
    assert.equal(runs, 2)
    const all = [
      { id: 1, value: 101 },
      { id: 2, value: 1 },
    ]
    assert.deepEqual(await elsewhere('select id, value from rows_of_one order by id'), all)
  })

  test('two ledgers on the same accounts keep the books', async () => {
    const customers = await Promise.all(
      [1, 2, 3].map(() => newCustomer(books.pool, { planNanos: 500, balanceNanos: 1_000_000 })),
    )
    await eventually('both nodes know them', async () => {
      const [row] = await elsewhere<{ keys: number }>('select count(*) as `keys` from api_keys')
      return row?.keys === 3
    })
    const again: string[] = []
    const ledgers = nodes
      .slice(0, 2)
      .map((url) =>
        createLedger(url, ledgerOptions({ onFault: ({ fault }) => void again.push(fault) })),
      )
    const live = async (i: number) => {
      const [customer, ledger] = [customers[i % 3], ledgers[i % 2]]
      assert.ok(customer && ledger)
      for (let round = 0; round < 10; round++) {
        const call = callOf(customer)
        assert.ok((await reserve(ledger, call, 100)).granted)
        assert.equal((await settle(ledger, call, 60)).chargedNanos, 60)
      }
    }
    await Promise.all(Array.from({ length: 60 }, (_, i) => live(i)))
    await Promise.all(ledgers.map((ledger) => ledger.close()))
    assert.ok(again.length > 0, 'the nodes were never in each other’s way')
    await eventually('this node has all', async () => {
      const [row] = await books.sql<{ calls: number }>('select count(*) as calls from calls')
      return row?.calls === 600
    })
    await expectCleanBooks(books.pool)
  })
})
