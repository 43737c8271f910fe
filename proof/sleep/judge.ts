import { readCosts } from '../../app/catalog/catalog.server.ts'
import { verify } from '../../app/ledger/ledger.server.ts'
import type { PulseLimits } from '../../app/start/pulse.ts'
import { readCalls, type CallRow } from '../../test/calls.ts'
import { priceOf } from '../../test/failures/models.ts'
import type { Heard } from '../../test/failures/client.ts'
import type { Site } from '../../test/failures/site.ts'
import type { Section } from '../proof.ts'
import type { Stop } from './rounds.ts'

/** A call, by the relay that it was made of. */
export type Made = Heard & { relay: number; from: number }

type Found = { made: Made[]; stops: Stop[]; limits: PulseLimits; scale: number }

/** Whether a relay was stopped alone, within a call, so long that the other may think it dead. */
const sleptAlone = ({ relay, from, at }: Made, { stops, limits }: Found) =>
  stops.some(
    (stop) =>
      stop.who.length === 1 &&
      stop.who[0] === relay &&
      stop.to - stop.from >= 1_000 * limits.heartbeatSecondsMax - limits.heartbeatEveryMs &&
      from < stop.to &&
      at > stop.from,
  )

function costOf({ upstreamId, model }: CallRow, { upstream }: Site): number | undefined {
  const served = upstream.servedBy(upstreamId ?? '')
  return served && priceOf(model, served.promptTokens, served.completionTokens)
}

/**
 * What waits for a reservation while a relay is stopped may be told to come again, and costs
 * nothing: its own relay, or another that was stopped with the account's row locked, which the
 * database takes from it in its time.
 */
const isRefused = ({ status, from, at }: Made, row: CallRow | undefined, { stops }: Found) =>
  status === 503 && (row?.cost ?? 0) === 0 && stops.some((stop) => from < stop.to && at > stop.from)

/** How what did not come whole ended, and how long after its relay was woken last. */
function howItEnded({ status, text, broken, relay, from, at }: Made, { stops }: Found): string {
  const came = text === '' ? 'nothing' : `${text.length} characters`
  const code = /"code":"(\w+)"/.exec(text)?.[1]
  const woken = stops.filter(({ who, to }) => who.includes(relay) && to <= at).at(-1)
  const after = woken ? `${at - woken.to} ms after it woke` : 'never stopped'
  const how = broken ?? code ?? 'no error'
  return `status ${status}, ${came}, ${how}; ${at - from} ms, ended ${after}`
}

/** What is wrong with a call; undefined where nothing is. */
function faultOf(one: Made, row: CallRow | undefined, site: Site, found: Found) {
  const say = (why: string) => `${one.id ?? `status ${one.status}`}: ${why}`
  if (isRefused(one, row, found)) return undefined
  if (!one.isComplete) return say(`not whole: ${howItEnded(one, found)}`)
  if (!row) return say('came whole, and is not in the books')
  const { outcome, charges, charged } = row
  if (charges !== 1 || charged !== costOf(row, site)) return say(`charged ${charged}, ${charges} ×`)
  if (outcome === 'completed' || (outcome === 'late' && sleptAlone(one, found))) return undefined
  return say(`is ${outcome}, and its relay had not slept alone`)
}

/** Compares what clients heard, what the upstream served and what the books say. */
export async function judge(site: Site, found: Found): Promise<Section> {
  const { made, stops, limits, scale } = found
  const { pool, sql } = site.books
  const rows = new Map((await readCalls(sql)).map((row) => [row.requestId, row]))
  const wrong = made.flatMap((one) => faultOf(one, rows.get(one.id ?? ''), site, found) ?? [])
  const late = [...rows.values()].filter(({ outcome }) => outcome === 'late').length
  const refused = made.filter(({ status }) => status === 503).length
  const lost = [...rows.values()].filter(({ outcome }) => outcome === 'lost').length
  const verdict = await verify(pool, readCosts)
  const both = stops.filter(({ who }) => who.length === 2).length
  const long = stops.filter(({ from, to }) => to - from > 1_000 * limits.heartbeatSecondsMax).length
  const differences = verdict.differences.length
  return {
    title: 'Relays that sleep',
    isRight: wrong.length === 0 && lost === 0 && differences === 0 && verdict.holds === 0,
    lines: [
      `- ${stops.length} stops by SIGSTOP, ${both} of them of both relays, ${long} longer than it takes ` +
        `to be taken for dead (${limits.heartbeatSecondsMax} s: ${scale} times as quick as the product)`,
      `- ${made.length} calls; ${refused} were refused with 503 while a relay slept or as it woke; ${late} were swept while their relay slept alone, and charged when it woke`,
      `- lost: ${lost}; wrong in any way: ${wrong.length}`,
      ...wrong.slice(0, 20).map((words) => `  - ${words}`),
      `- verify: ${differences} differences, ${verdict.holds} open holds`,
    ],
  }
}
