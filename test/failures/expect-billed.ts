import assert from 'node:assert/strict'
import type { DemoUpstream, Served } from '../../dev/fakes/upstream/demo-upstream.server.ts'
import { parseCallId } from '../../app/values/call-id.ts'
import { readCalls, type CallRow } from '../calls.ts'
import type { Sql } from '../sql.ts'
import type { Heard } from './client.ts'
import { priceOf } from './models.ts'

type Upstream = Pick<DemoUpstream, 'servedBy'>

/** What the upstream knows of a call. */
export function servedFor({ requestId, upstreamId }: CallRow, upstream: Upstream): Served {
  const served = upstream.servedBy(upstreamId ?? '')
  assert.ok(served, `the upstream knows call ${requestId}`)
  return served
}

/** Of a call that a client has heard of: its id as the database has it. */
export function callIdOf({ id }: Heard): Buffer {
  const callId = parseCallId(String(id))
  assert.ok(callId, `${id} is the id of a call`)
  return callId
}

/** Every call that its client saw complete is billed once, at the upstream's own count. */
export async function expectBilledOnce(sql: Sql, heard: Heard[], upstream: Upstream) {
  const complete = heard.filter(({ isComplete }) => isComplete)
  if (complete.length === 0) return
  const found = await readCalls(sql, 'id in (?)', [complete.map(callIdOf)])
  const rows = new Map(found.map((row) => [row.requestId, row]))
  for (const { id = '' } of complete) {
    const row = rows.get(id)
    assert.ok(row, `call ${id} is in the books`)
    const { promptTokens, completionTokens } = servedFor(row, upstream)
    const cost = priceOf(row.model, promptTokens, completionTokens)
    assert.deepEqual(
      [row.outcome, row.charges, row.charged, row.cost],
      ['completed', 1, cost, cost],
      `call ${id}`,
    )
  }
}

/** No call cost more than the upstream reported for it, and none was billed twice. */
export async function expectNoneTooDear(sql: Sql, upstream: Upstream): Promise<CallRow[]> {
  const rows = await readCalls(sql)
  const seen = new Set<string>()
  for (const row of rows) {
    assert.ok(row.charges <= 1, `call ${row.requestId} has at most one charge`)
    assert.equal(row.charged, row.cost, `call ${row.requestId}`)
    if (row.cost === 0) continue
    const { id, promptTokens, completionTokens } = servedFor(row, upstream)
    assert.ok(!seen.has(id), `${id} was charged once`)
    seen.add(id)
    const most = priceOf(row.model, promptTokens, completionTokens)
    assert.ok(row.cost <= most, `call ${row.requestId} cost ${row.cost}, at most ${most}`)
  }
  return rows
}
