import assert from 'node:assert/strict'
import { parseCallId } from '../app/values/call-id.ts'
import type { Sql } from './sql.ts'

type Tried = {
  upstream: string
  key: string
  status: number | null
  code: string | null
  id: string | null
  ms: number
  charged: boolean | 'maybe'
}

/** What the row of a call says of where it went. */
export async function readTries(sql: Sql, requestId: unknown) {
  const id = parseCallId(String(requestId))
  assert.ok(id, `${String(requestId)} is the id of a call`)
  const [row] = await sql<{
    upstream: string | null
    upstreamKey: string | null
    attempts: number
    upstreamNanos: number | null
    priceId: number
    tries: string | null
  }>(
    `select upstream, upstream_key as upstreamKey, attempts, upstream_nanos as upstreamNanos,
            price_id as priceId, tries from calls where id = ?`,
    [id],
  )
  assert.ok(row, 'the call has a row')
  return { ...row, tries: JSON.parse(row.tries ?? '[]') as Tried[] }
}
